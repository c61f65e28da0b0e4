// Difficulty: some cases are hard for every model and every harness. It moves the logits of all lapses of
// an instance alike, so that success over trials of one instance is correlated; it sets no outcome.
import type { Chance } from './chance.ts'

/** A probability with its logit moved. 0 and 1 stay. */
export const shifted = (p: number, odds: number): number => (odds * p) / (1 - p + odds * p)

/** Chance at which every departure is likelier (odds) by `exp(logit)`. A logit of 0 changes nothing. */
export function harder(chance: Chance, logit: number): Chance {
  if (logit === 0) return chance
  const odds = Math.exp(logit)
  return {
    flip: (id, p) => chance.flip(id, shifted(p, odds)),
    pick: (id, weighted) =>
      chance.pick(
        id,
        weighted.map(([label, weight], i) => [label, i === 0 ? weight : weight * odds] as const),
      ),
    sample: (id, draw, nominal) => chance.sample(id, draw, nominal),
  }
}
