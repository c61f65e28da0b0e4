// Atoms: meaning in ordinary text. They survive what harnesses and formats do to a text around them.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { atom, atomsIn, KINDS, type Kind } from '../../sim/core/atoms.ts'

interface Meaning {
  readonly kind: Kind
  readonly name: string
  readonly value: string
}

const meanings: fc.Arbitrary<Meaning> = fc.record({
  kind: fc.constantFrom(...KINDS),
  name: fc.stringMatching(/^[a-z0-9./_-]{1,12}$/),
  value: fc.stringMatching(/^[A-Za-z0-9._:/@+-]{0,12}$/),
})
/** Prose of all sorts that is no atom itself. */
const prose = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !/[[\]\\]/.test(text))
const passages = fc
  .tuple(fc.array(fc.tuple(prose, meanings), { maxLength: 6 }), prose)
  .map(([parts, tail]) => ({
    meant: parts.map(([, meaning]) => meaning),
    text: parts.map(([before, m]) => before + atom(m.kind, m.name, m.value)).join('') + tail,
  }))

const read = (text: string): Meaning[] =>
  atomsIn(text).map(({ kind, name, value }) => ({ kind, name, value }))

const holds = (change: (text: string) => string): void =>
  fc.assert(
    fc.property(passages, ({ meant, text }) => {
      expect(read(change(text))).toEqual(meant)
    }),
  )

describe('atoms', () => {
  it('are read back in order from any prose, with their places', () => {
    holds((text) => text)
    fc.assert(
      fc.property(passages, ({ text }) => {
        for (const { kind, name, value, at } of atomsIn(text))
          expect(text.startsWith(atom(kind, name, value), at)).toBe(true)
      }),
    )
  })

  it('survive being a string in JSON, once', () => {
    holds((text) => JSON.stringify(text))
    holds((text) => JSON.stringify({ content: [{ text }] }, null, 2))
  })

  it('survive escaped brackets, as JSON and Markdown may write them', () => {
    holds((text) => text.replaceAll('[', '\\u005b').replaceAll(']', '\\u005d'))
    holds((text) => text.replaceAll('[', '\\u005B').replaceAll(']', '\\u005D'))
    holds((text) => text.replaceAll('[', '\\[').replaceAll(']', '\\]'))
  })

  it('survive XML', () => {
    const inXml = (text: string): string =>
      text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
    holds((text) => `<file name="x">${inXml(text)}</file>`)
  })

  it('survive line numbers, quoting and word wrap', () => {
    holds((text) =>
      text
        .split('\n')
        .map((line, i) => `${i + 1}\t${line}`)
        .join('\n'),
    )
    holds((text) =>
      text
        .split('\n')
        .map((line) => `> ${line}`)
        .join('\n'),
    )
    holds((text) => text.replaceAll(' ', '\n'))
  })

  it('survive truncation elsewhere, and one that was cut is none', () => {
    const fact = atom('fact', 'port', '8080')
    const text = `before ${fact} behind`
    for (let end = 0; end <= text.length; end++) {
      const isWhole = end >= 'before '.length + fact.length
      expect(atomsIn(text.slice(0, end))).toHaveLength(isWhole ? 1 : 0)
    }
  })

  it.each([
    '[[fact:Port=8080]]',
    '[[fact:port=80 80]]',
    '[[fact:=8080]]',
    '[[fact:port=]]',
    '[[facts:port=8080]]',
    '[fact:port=8080]',
    '[[fact:port=8080] ]',
    '[[ fact:port=8080]]',
    'W1tmYWN0OnBvcnQ9ODA4MF1d',
  ])('%s is none', (text) => {
    expect(atomsIn(text)).toEqual([])
  })
})
