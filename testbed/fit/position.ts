// Recall against position: QA over 20 documents with the answer at five places, and with its document alone
// (Liu et al., Lost in the Middle, 2023). What alone is answered is the top; what is lost among others is the
// loss to documents alike; where it stands is `f + p e^(-x/t) + q e^(-(1-x)/t)`, of which the best place is 1.
import { shifted } from '../../sim/core/difficulty.ts'
import { byPosition } from '../../sim/cpu/recall.ts'
import type { Position } from './recall.ts'
import { least, misfit } from './search.ts'
import { logistic, overInstances } from './spread.ts'

export interface PlaceCell {
  readonly documents: number
  /** From 0. */
  readonly gold: number
  readonly accuracy: number
}

export interface Placed extends Position {
  readonly top: number
  readonly distractors: number
}

/** As README of the tables has it. */
const REACH = 0.2

export function accuracyAt(
  placed: Placed,
  { documents, gold }: Pick<PlaceCell, 'documents' | 'gold'>,
  spread: number,
  spoiled: number,
): number {
  const recall = { ...NONE, ...placed }
  const here = placed.top * byPosition({ recall }, (gold + 0.5) / documents)
  const missed = 1 - shifted(here, Math.exp(-placed.distractors * Math.log(documents)))
  return overInstances(spread, (odds) => (1 - shifted(missed, odds)) / (1 + spoiled * odds))
}

const NONE = {
  ...{ literalTop: 1, literalHalf: 1, literalSlope: 1 },
  ...{ semanticTop: 1, semanticHalf: 1, semanticSlope: 1 },
  ...{ beyond: 1, older: 0 },
}

export function fitPosition(cells: readonly PlaceCell[], spread: number, spoiled: number): Placed {
  const at = ([top = 0, distractors = 0, first = 0, last = 0]: readonly number[]): Placed => ({
    top: logistic(top),
    distractors,
    floor: 1 - Math.max(first, last),
    first,
    last,
    reach: REACH,
  })
  const want = cells.map(({ accuracy }) => accuracy)
  const loss = (x: readonly number[]): number =>
    misfit(
      cells.map((cell) => accuracyAt(at(x), cell, spread, spoiled)),
      want,
    )
  return at(
    least(loss, [
      { start: 2, min: 0, max: 9 },
      { start: 0.5, min: 0, max: 4 },
      { start: 0.1, min: 0, max: 0.9 },
      { start: 0.1, min: 0, max: 0.9 },
    ]),
  )
}
