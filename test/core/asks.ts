// Arbitrary questions to chance, each under an id of its own, and the answers that a chance gives.
import fc from 'fast-check'
import type { Chance, Decision, RecordDecision, Weighted } from '../../sim/core/chance.ts'

export type Ask =
  | { readonly kind: 'flip'; readonly id: string; readonly p: number }
  | { readonly kind: 'pick'; readonly id: string; readonly weighted: Weighted<string> }
  | { readonly kind: 'sample'; readonly id: string; readonly scale: number }

export const ids = fc.stringMatching(/^[a-c]{1,2}\/[a-c]{1,2}\/[1-3]\/[a-e]{1,2}$/)
export const probabilities = fc.double({ min: 0, max: 1, noNaN: true })
const weights = fc.oneof(fc.constant(0), fc.double({ min: 1e-9, max: 50, noNaN: true }))

/** The first label is the competent one; in some its weight is 0, and there is none. One can happen. */
export const weighteds: fc.Arbitrary<Weighted<string>> = fc
  .tuple(fc.constantFrom(1, 1, 0), fc.array(weights, { minLength: 1, maxLength: 5 }))
  .map(([first, others]) => [
    ['none', first] as const,
    ...others.map((weight, i) => [`label-${i}`, weight] as const),
  ])
  .filter((weighted) => weighted.some(([, weight]) => weight > 0))

export const asks: fc.Arbitrary<Ask[]> = fc.uniqueArray(
  fc.oneof(
    fc.record({ kind: fc.constant('flip' as const), id: ids, p: probabilities }),
    fc.record({ kind: fc.constant('pick' as const), id: ids, weighted: weighteds }),
    fc.record({
      kind: fc.constant('sample' as const),
      id: ids,
      scale: fc.constantFrom(1, 1e-3, 7e5),
    }),
  ),
  { selector: ({ id }) => id, minLength: 1, maxLength: 30 },
)

export const keys = fc.string({ minLength: 1, maxLength: 8 })

/** What a sample is where nothing departs. */
export const NOMINAL = 0.5

export function answer(chance: Chance, ask: Ask): Decision['value'] {
  switch (ask.kind) {
    case 'flip':
      return chance.flip(ask.id, ask.p)
    case 'pick':
      return chance.pick(ask.id, ask.weighted)
    case 'sample':
      return chance.sample(ask.id, (u) => (u() + u()) * ask.scale, NOMINAL)
  }
}

/** The answers by id, and what was recorded on the way. */
export function answers(
  make: (record: RecordDecision) => Chance,
  asked: readonly Ask[],
): { values: Map<string, Decision['value']>; tape: Decision[] } {
  const tape: Decision[] = []
  const chance = make((decision) => tape.push(decision))
  return { values: new Map(asked.map((ask) => [ask.id, answer(chance, ask)])), tape }
}

export const byId = (tape: readonly Decision[]): Map<string, Decision['value']> =>
  new Map(tape.map(({ id, value }) => [id, value]))
