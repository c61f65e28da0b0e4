// Recall against length, as RULER (facts found by their letters) and NoLiMa (by their meaning) measured it:
// `A / (1 + (L/L50)^(s/ln 2))`, fitted jointly over a model's lengths by least squares in recall itself.
// A published share is a mean over cases and places; fitted is what holds in the median case.
import { shifted } from '../../sim/core/difficulty.ts'
import { byLength, byPosition } from '../../sim/cpu/recall.ts'
import { least, misfit } from './search.ts'
import { logistic, logit, overInstances, overPlaces } from './spread.ts'

export interface Position {
  readonly floor: number
  readonly first: number
  readonly last: number
  readonly reach: number
}

/** What stands around a fact, as far as it bears on recall. */
export interface Around extends Position {
  /** Spread of difficulty between instances, in logits. */
  readonly spread: number
  /** Tokens past which recall falls off a cliff, and the share that is left there. */
  readonly trained: number
  readonly beyond: number
  /** Odds of lapses of the answer itself, that spoil what was recalled. */
  readonly spoiled: number
}

export interface Length {
  readonly top: number
  readonly half: number
  readonly slope: number
}

export interface LengthCell {
  /** More than one where what is published is a mean over several lengths. */
  readonly tokens: readonly number[]
  readonly recall: number
}

const NONE = { literalTop: 1, literalHalf: 1, literalSlope: 1, distractors: 0, older: 0 }

/** Enough for two exponentials. */
const PLACES = 10

/** The share recalled over instances and places, in a window of so many tokens: the machine's own form. */
export function recalled({ top, half, slope }: Length, tokens: number, around: Around): number {
  const { spread, trained, spoiled, ...rest } = around
  const recall = { ...NONE, ...rest, semanticTop: top, semanticHalf: half, semanticSlope: slope }
  const window = { native: 1, trained, output: 1 }
  const best = byLength({ recall, window }, true, tokens, 1)
  const isFlat = around.first === 0 && around.last === 0
  return overPlaces(isFlat ? 1 : PLACES, (place) => {
    const missed = 1 - best * byPosition({ recall }, place)
    return overInstances(spread, (odds) => (1 - shifted(missed, odds)) / (1 + spoiled * odds))
  })
}

/** The same over the lengths of a cell. */
export const recalledIn = (
  length: Length,
  { tokens }: Pick<LengthCell, 'tokens'>,
  around: Around,
): number => tokens.reduce((sum, one) => sum + recalled(length, one, around), 0) / tokens.length

/** Past this the lengths that were measured cannot tell one half from another. */
const HALF_MAX = 1e8

export function fitLength(cells: readonly LengthCell[], around: Around): Length {
  const want = cells.map(({ recall }) => recall)
  const lengthAt = ([top = 1, half = 0, slope = 1]: readonly number[]): Length => ({
    top,
    half: Math.exp(half),
    slope,
  })
  const loss = (at: readonly number[]): number =>
    misfit(
      cells.map((cell) => recalledIn(lengthAt(at), cell, around)),
      want,
    )
  const longest = Math.log(Math.max(...cells.flatMap(({ tokens }) => tokens)))
  const found = [longest - 2, longest, longest + 2].map((half) =>
    least(loss, [
      { start: Math.min(0.999, Math.max(...want)), min: 0.3, max: 1 },
      { start: half, min: Math.log(200), max: Math.log(HALF_MAX) },
      { start: 1, min: 0.1, max: 10 },
    ]),
  )
  return lengthAt(found.reduce((a, b) => (loss(b) < loss(a) ? b : a)))
}

/**
 * A position of another model, for a model whose recall is `top` at its best place: the middle loses as much
 * in logits as there, so a model that hardly misses anything hardly loses anything in the middle.
 */
export function carriedOver(position: Position, from: number, top: number): Position {
  const { floor, first, last, reach } = position
  const best = floor + Math.max(first, last)
  const lost = logit(from) - logit((from * floor) / best)
  const middle = logistic(logit(top) - lost) / top
  const scale = (1 - middle) / Math.max(first, last)
  return { floor: middle, first: first * scale, last: last * scale, reach }
}
