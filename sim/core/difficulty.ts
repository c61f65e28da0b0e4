// Difficulty: some cases are hard for every model and every harness. It moves the logits of all lapses of
// an instance alike, so that success over trials of one instance is correlated; it sets no outcome. What a
// profile says is the probability in the median instance.
import type { Chance } from './chance.ts'

/** A probability with its odds multiplied. 0 and 1 stay. */
export const shifted = (p: number, odds: number): number =>
  p <= 0 || p >= 1 ? p : (odds * p) / (1 - p + odds * p)

/** A choice among equals, or an answer said again: decisions, but no departures. */
export const isFree = (id: string): boolean => id.endsWith('/chooses') || id.endsWith('/same')

/** `scope/step/occurrence/site`: what lies deeper says how a lapse looks, not whether there is one. */
function isLapse(id: string): boolean {
  let depth = 0
  for (let at = id.indexOf('/'); at >= 0; at = id.indexOf('/', at + 1)) depth++
  return depth < 4 && !isFree(id)
}

/** Chance at which every lapse is likelier (odds) by `exp(logit)`. A logit of 0 changes nothing. */
export function harder(chance: Chance, logit: number): Chance {
  if (logit === 0) return chance
  const odds = Math.exp(logit)
  return {
    flip: (id, p) => chance.flip(id, isLapse(id) ? shifted(p, odds) : p),
    pick: (id, weighted) => chance.pick(id, weighted, isLapse(id) ? odds : 1),
    sample: (id, draw, nominal) => chance.sample(id, draw, nominal),
  }
}

/** Where the density of a standard normal is no longer worth a node, and the nodes in between. */
const FAR = 8
const NODES = 257

/**
 * The mean over all instances of a lapse that has probability `p` in the median one: what a published rate
 * is. By the trapezoid rule, which on this integrand is exact to 9 digits for a spread up to 10.
 */
export function marginal(p: number, spread: number): number {
  if (spread === 0 || p <= 0 || p >= 1) return p
  let sum = 0
  let whole = 0
  for (let i = 0; i < NODES; i++) {
    const z = FAR * ((2 * i) / (NODES - 1) - 1)
    const density = Math.exp((-z * z) / 2)
    whole += density
    sum += density * shifted(p, Math.exp(spread * z))
  }
  return sum / whole
}

/** The probability in the median instance of a lapse whose mean over all instances is `mean`. */
export function conditional(mean: number, spread: number): number {
  if (spread === 0 || mean <= 0 || mean >= 1) return mean
  let low = -700
  let high = 700
  for (let i = 0; i < 64; i++) {
    const logit = (low + high) / 2
    if (marginal(1 / (1 + Math.exp(-logit)), spread) < mean) low = logit
    else high = logit
  }
  return 1 / (1 + Math.exp(-(low + high) / 2))
}
