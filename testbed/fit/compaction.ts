// Compaction: facts all over a long context, the oldest share of which is summarised (Lost in compaction). A
// fact in what is left is recalled by its new place; one in the summary only if it survived, and then with
// `usable` of the recall elsewhere. That it survives is seen in the text; that it is usable is not.
import { shifted } from '../../sim/core/difficulty.ts'
import { byLength, byPosition } from '../../sim/cpu/recall.ts'
import type { Length, Position } from './recall.ts'
import { least } from './search.ts'
import { logistic, overInstances } from './spread.ts'

export interface CompactionCell {
  /** Share of the context that was compacted, in [0, 1]. */
  readonly share: number
  /** Facts of which zone; of both where nothing is said. */
  readonly zone?: 'untouched'
  readonly recall: number
  readonly n: number
}

export interface Compacted extends Position {
  readonly usable: number
  readonly half: number
}

/** What is not told apart by these cells. */
export interface Given {
  readonly top: number
  readonly slope: number
  readonly survival: (contentTokens: number) => number
  readonly spread: number
  readonly spoiled: number
}

const TOKENS = 190_000
/** Tokens of a summary as the experiment's is: headings and a line for each fact. */
const SUMMARY_TOKENS = 1500
const FEWEST = 40

export function recalledAfter(
  compacted: Compacted,
  { share, zone }: Pick<CompactionCell, 'share' | 'zone'>,
  { top, slope, survival, spread, spoiled }: Given,
): number {
  const length: Length = { top, half: compacted.half, slope }
  const recall = { ...NONE, ...compacted, ...named(length) }
  const summary = share === 0 ? 0 : SUMMARY_TOKENS
  const total = summary + (1 - share) * TOKENS
  const best = byLength({ recall, window: WINDOW }, true, total, 1)
  const survives = survival(share * TOKENS)
  let sum = 0
  let count = 0
  for (let i = 0; i < FEWEST * 2; i++) {
    const x = (i + 0.5) / (FEWEST * 2)
    const isIn = x < share
    if (isIn && zone === 'untouched') continue
    const place = isIn ? (x / share) * (summary / total) : (summary + (x - share) * TOKENS) / total
    const here = best * byPosition({ recall }, place) * (isIn ? compacted.usable : 1)
    sum += overInstances(spread, (odds) => {
      const kept = isIn ? 1 - shifted(1 - survives, odds) : 1
      return (kept * (1 - shifted(1 - here, odds))) / (1 + spoiled * odds)
    })
    count++
  }
  return count === 0 ? 0 : sum / count
}

const NONE = { literalTop: 1, literalHalf: 1, literalSlope: 1, beyond: 1, distractors: 0, older: 0 }
const WINDOW = { native: 1, trained: 1e15, output: 1 }

const named = ({ top, half, slope }: Length) => ({
  semanticTop: top,
  semanticHalf: half,
  semanticSlope: slope,
})

/** By least squares over all cells, each with the weight of what was counted. */
export function fitCompaction(
  cells: readonly CompactionCell[],
  given: Given,
  position?: Position,
): Compacted {
  const at = ([usable = 0, half = 0, last = 0, lost = 0]: readonly number[]): Compacted => ({
    usable: logistic(usable),
    half: Math.exp(half),
    ...(position ?? { floor: 1 - lost, first: lost, last: lost * last, reach: 0.2 }),
  })
  const loss = (x: readonly number[]): number =>
    cells.reduce(
      (sum, cell) => sum + cell.n * (recalledAfter(at(x), cell, given) - cell.recall) ** 2,
      0,
    )
  return at(
    least(loss, [
      { start: -1, min: -6, max: 6 },
      { start: Math.log(TOKENS), min: Math.log(20_000), max: Math.log(1e8) },
      ...(position === undefined
        ? [
            { start: 0.2, min: 0, max: 1 },
            { start: 0.2, min: 0, max: 0.95 },
          ]
        : []),
    ]),
  )
}
