// Replacements of exact texts in a file: all are matched against the file as it was, each has to be found
// once, and they must not overlap. As Pi 0.73.1 makes them (dist/core/tools/edit-diff.js, read in source).

import type { Args } from '../kernel.ts'
import { Failure } from './desk.ts'
import { isPlain } from './validate.ts'

export interface Edit {
  readonly oldText: string
  readonly newText: string
}

/** Edits as some models speak them: a list in a text, or one replacement beside the path. */
export function withEdits(args: Args): Args {
  if (!isPlain(args)) return args
  const { oldText, newText, ...rest } = args
  let { edits } = rest
  if (typeof edits === 'string') {
    try {
      const list: unknown = JSON.parse(edits)
      if (Array.isArray(list)) edits = list
    } catch {}
  }
  if (typeof oldText !== 'string' || typeof newText !== 'string')
    return { ...args, ...(edits === undefined ? {} : { edits }) }
  return { ...rest, edits: [...(Array.isArray(edits) ? edits : []), { oldText, newText }] }
}

const QUOTES = [
  [/[\u2018\u2019\u201a\u201b]/g, "'"],
  [/[\u201c\u201d\u201e\u201f]/g, '"'],
  [/[\u2010-\u2015\u2212]/g, '-'],
  [/[\u00a0\u2002-\u200a\u202f\u205f\u3000]/g, ' '],
] as const

const unix = (text: string): string => text.replace(/\r\n?/g, '\n')

/** Without blanks at the ends of lines, and with plain quotes, dashes and blanks. */
function plain(text: string): string {
  const trimmed = text
    .normalize('NFKC')
    .split('\n')
    .map((line) => line.trimEnd())
  return QUOTES.reduce((told, [odd, usual]) => told.replace(odd, usual), trimmed.join('\n'))
}

interface Place {
  readonly at: number
  readonly end: number
  readonly edit: number
  readonly newText: string
}

/** Finds each text once, exactly or else plainly. @throws {Failure} */
function placesOf(base: string, edits: readonly Edit[], path: string): Place[] {
  const isOne = edits.length === 1
  return edits.map(({ oldText, newText }, i) => {
    const exact = base.indexOf(oldText)
    const wanted = exact >= 0 ? oldText : plain(oldText)
    const at = exact >= 0 ? exact : plain(base).indexOf(wanted)
    if (at < 0) {
      const what = isOne ? 'the exact text' : `edits[${i}]`
      const text = isOne ? 'old text' : 'oldText'
      throw new Failure(
        `Could not find ${what} in ${path}. The ${text} must match exactly including all whitespace and newlines.`,
      )
    }
    const count = plain(base).split(plain(oldText)).length - 1
    if (count > 1) {
      const what = isOne ? 'the text' : `edits[${i}]`
      const text = isOne ? 'The text' : 'Each oldText'
      throw new Failure(
        `Found ${count} occurrences of ${what} in ${path}. ${text} must be unique. Please provide more context to make it unique.`,
      )
    }
    return { at, end: at + wanted.length, edit: i, newText }
  })
}

/** The text with all edits made. Line ends and a byte order mark stay. @throws {Failure} */
export function edited(content: string, edits: readonly Edit[], path: string): string {
  const mark = content.startsWith('\uFEFF') ? '\uFEFF' : ''
  const raw = content.slice(mark.length)
  const isDos = /^[^\n]*\r\n/.test(raw)
  const text = unix(raw)
  const wanted = edits.map((one) => ({ oldText: unix(one.oldText), newText: unix(one.newText) }))
  for (const [i, { oldText }] of wanted.entries()) {
    const what = wanted.length === 1 ? 'oldText' : `edits[${i}].oldText`
    if (oldText === '') throw new Failure(`${what} must not be empty in ${path}.`)
  }
  const isPlain = wanted.some(
    ({ oldText }) => !text.includes(oldText) && plain(text).includes(plain(oldText)),
  )
  const base = isPlain ? plain(text) : text
  const places = placesOf(base, wanted, path).sort((a, b) => a.at - b.at)
  for (const [i, place] of places.entries()) {
    const before = places[i - 1]
    if (before !== undefined && before.end > place.at)
      throw new Failure(
        `edits[${before.edit}] and edits[${place.edit}] overlap in ${path}. Merge them into one edit or target disjoint regions.`,
      )
  }
  let made = base
  for (const { at, end, newText } of places.toReversed())
    made = made.slice(0, at) + newText + made.slice(end)
  if (made === base) {
    const why =
      wanted.length === 1
        ? 'The replacement produced identical content. This might indicate an issue with special characters or the text not existing as expected.'
        : 'The replacements produced identical content.'
    throw new Failure(`No changes made to ${path}. ${why}`)
  }
  return mark + (isDos ? made.replaceAll('\n', '\r\n') : made)
}
