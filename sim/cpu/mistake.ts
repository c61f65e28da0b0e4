// What a value is mistaken for: another one of its shape that stands in view, or a slip of the pen.
import type { View } from './read.ts'

/** Two digits swapped, else the last one wrong, else a letter too many. Never the same. */
export function slip(value: string): string {
  const swapped = value.replace(/(\d)(?!\1)(\d)(?!.*\d\d)/, '$2$1')
  if (swapped !== value) return swapped
  const counted = value.replace(/\d(?!.*\d)/, (digit) => String((Number(digit) + 1) % 10))
  return counted !== value ? counted : `${value}${value.slice(-1) || '0'}`
}

const isFigure = (value: string): boolean => /^[\d.,:/+-]+$/.test(value)

/** How many values in view compete for one; assumed. */
const RIVALS = 8

/** What a value can be mistaken for, a slip first, then other values of facts in view, newest first. */
export function mistakes(view: View, value: string): string[] {
  const figure = isFigure(value)
  const found = new Set([slip(value)])
  for (const [key, occurrences] of view.inOrder().toReversed()) {
    if (found.size > RIVALS) break
    const other = occurrences.at(-1)?.value ?? ''
    if (!key.startsWith('fact:') || other === '' || other === value) continue
    if (isFigure(other) === figure) found.add(other)
  }
  return [...found]
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`)

/** A text with a value replaced where it stands by itself. */
export function replaced(text: string, value: string, wrong: string): string {
  if (value === '' || !text.includes(value)) return text
  const alone = new RegExp(`(?<![A-Za-z0-9])${escaped(value)}(?![A-Za-z0-9])`, 'g')
  return text.replaceAll(alone, () => wrong)
}

/** A call's arguments with a value replaced wherever they say it. */
export const mistaken = (args: string, value: string, wrong: string): string =>
  JSON.stringify(
    JSON.parse(args, (_name, said: unknown) => {
      if (typeof said === 'string') return replaced(said, value, wrong)
      const isIt = typeof said === 'number' && String(said) === value
      return isIt && Number.isFinite(Number(wrong)) ? Number(wrong) : said
    }),
  )
