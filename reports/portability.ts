// Portability: what one unchanged harness keeps of its best profile under its worst. Of what was seen alone:
// with one profile there is none.
import type { Table } from './table.ts'
import { groupBy } from './units.ts'

export interface Portability {
  readonly family: string
  readonly harness: string
  readonly worst: string
  readonly best: string
  /** Solved under the worst profile / solved under the best, in [0, 1]; null where that is 0. */
  readonly ratio: number | null
}

export function portability(tables: readonly Table[]): Portability[] {
  return [...groupBy(tables, ({ family }) => family)].flatMap(([family, own]) => {
    if (own.length < 2) return []
    const cells = own.flatMap(({ profile, columns, rows }) => {
      const at = columns.findIndex(({ id }) => id === 'solved')
      return rows.flatMap(({ harness, place, cells: values }) => {
        const solved = values[at]?.value ?? null
        return place === 'harness' && solved !== null ? [{ harness, profile, solved }] : []
      })
    })
    return [...groupBy(cells, ({ harness }) => harness)].flatMap(([harness, known]) => {
      const [first] = known
      if (first === undefined || known.length < 2) return []
      const worst = known.reduce((low, one) => (one.solved < low.solved ? one : low), first)
      const best = known.reduce((high, one) => (one.solved > high.solved ? one : high), first)
      const ratio = best.solved === 0 ? null : worst.solved / best.solved
      return [{ family, harness, worst: worst.profile, best: best.profile, ratio }]
    })
  })
}
