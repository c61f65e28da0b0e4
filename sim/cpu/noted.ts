// How a summary is known for one: by its own words, wherever and however a harness hands it back. Each of
// its lines has a lead, and its head says how many summaries what stands there has been through.
import type { Kind } from '../core/atoms.ts'

/** What stands before the atom in a line of a summary. */
export const leadOf = (kind: Kind): string => {
  if (kind === 'task') return 'The task is'
  return kind === 'done' ? 'Done:' : 'Noted'
}

export const headOf = (generation: number): string =>
  `What was said so far (summary ${generation}).`

const HEAD = '(summary'
const HEADS = /\(summary\s+(\d+)\)/g

/** The newest summary that a text holds: 0 where it holds none. */
export function newestSummaryIn(text: string): number {
  let newest = 0
  if (!text.includes(HEAD)) return newest
  for (const [, n] of text.matchAll(HEADS)) newest = Math.max(newest, Number(n))
  return newest
}

const isLed = (text: string, at: number): boolean =>
  text.startsWith('Noted', at - 6) ||
  text.startsWith('Done:', at - 6) ||
  text.startsWith('The task is', at - 12)

/** How many summaries the atom at this place of a text has been through: 0 where it stands by itself. */
export function generationAt(text: string, at: number): number {
  if (at < 6 || !isLed(text, at)) return 0
  const head = text.lastIndexOf(HEAD, at)
  const n = head < 0 ? Number.NaN : Number.parseInt(text.slice(head + HEAD.length, at), 10)
  return n > 0 ? n : 1
}
