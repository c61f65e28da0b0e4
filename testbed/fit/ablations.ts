// What two ideas are worth, seen by leaving each out: a difficulty of the task, without which trials of one
// task are as independent as trials of two; and literal against semantic, without which one curve has to
// serve RULER and NoLiMa.
import type { Domains } from '../domains.ts'
import { type Abilities, type PassCell, pass } from './ability.ts'
import { TASK_SPOILING } from './known.ts'
import { type Around, fitLength, type Length, type LengthCell, recalledIn } from './recall.ts'
import { bottom } from './search.ts'

/** The domains without spread, each as hard as its pass^1 over all models wants it. */
export function withoutDifficulty(
  cells: readonly PassCell[],
  { models }: Abilities,
  spread: number,
): Domains {
  const hardness = (domain: string): number => {
    const own = cells.filter((cell) => cell.domain === domain)
    return bottom(
      (hard) =>
        own.reduce((sum, { model, pass1 }) => {
          const at = { hardness: hard, spread: 0 }
          return sum + (pass(models.get(model) ?? 0, at, 1, TASK_SPOILING) - pass1) ** 2
        }, 0),
      [-8, 12],
    )
  }
  return Object.fromEntries(
    [...new Set(cells.map(({ domain }) => domain))].map((domain) => [
      domain,
      { hardness: hardness(domain) / spread, ratio: 0 },
    ]),
  )
}

/** How far pass^2 is off where each cell has its own pass^1 and trials are independent: mean, in points. */
export const independentError = (cells: readonly PassCell[]): number =>
  (100 * cells.reduce((sum, { pass1, pass2 }) => sum + Math.abs(pass1 * pass1 - pass2), 0)) /
  cells.length

/** The same with the spread of the domain. */
export function correlatedError(cells: readonly PassCell[], { domains }: Abilities): number {
  const spoiling = { use: 0, turn: 0 }
  let sum = 0
  for (const { domain, pass1, pass2 } of cells) {
    const at = { hardness: 0, spread: domains.get(domain)?.spread ?? 0 }
    const own = bottom((log) => (pass(log, at, 1, spoiling) - pass1) ** 2, [-20, 12])
    sum += Math.abs(pass(own, at, 2, spoiling) - pass2)
  }
  return (100 * sum) / cells.length
}

/** One curve for both tables. */
export const fitOneCurve = (
  literal: readonly LengthCell[],
  semantic: readonly LengthCell[],
  around: Around,
): Length => fitLength([...literal, ...semantic], around)

/** Mean difference from cells, in points. */
export const errorOf = (length: Length, cells: readonly LengthCell[], around: Around): number =>
  (100 *
    cells.reduce(
      (sum, cell) => sum + Math.abs(recalledIn(length, cell, around) - cell.recall),
      0,
    )) /
  cells.length
