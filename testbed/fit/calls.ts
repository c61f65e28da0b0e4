// Errors of calls, as BFCL's failure records have them: one multinomial draw a test, so the share of each
// class fixes its odds against the competent call. Some classes can only befall tests of some categories.
import { sharesOf } from './odds.ts'

/** Of the 1,000 tests of the table. */
const CATEGORIES = { simple: 0.4, multiple: 0.2, parallel: 0.2, parallelMultiple: 0.2 } as const

type Category = keyof typeof CATEGORIES
const NAMES = Object.keys(CATEGORIES) as Category[]

/** Tests that ask for several calls, and tests that offer several functions. */
export const PARALLEL: readonly Category[] = ['parallel', 'parallelMultiple']
export const MULTIPLE: readonly Category[] = ['multiple', 'parallelMultiple']

export interface CallClass {
  readonly name: string
  /** The share of all tests that ends so. */
  readonly share: number
  /** The categories that it can befall; all where nothing is said. */
  readonly only?: readonly Category[]
}

/** Odds past this are as good as always. */
const ODDS_MAX = 999

interface Weighted extends CallClass {
  readonly odds: number
}

/** The share of all tests that ends in each class, over instances. */
export function classShares(classes: readonly Weighted[], spread: number): number[] {
  const total = classes.map(() => 0)
  for (const category of NAMES) {
    const here = classes.map(({ odds, only = NAMES }) => (only.includes(category) ? odds : 0))
    for (const [i, one] of sharesOf(here, spread).entries())
      total[i] = (total[i] ?? 0) + CATEGORIES[category] * one
  }
  return total
}

/** The odds of each class in the median instance, by proportional fitting. */
export function fitCalls(classes: readonly CallClass[], spread: number): Map<string, number> {
  let weighted: Weighted[] = classes.map((one) => ({ ...one, odds: one.share }))
  for (let n = 0; n < 300; n++) {
    const now = classShares(weighted, spread)
    weighted = weighted.map((one, i) => ({
      ...one,
      odds: one.share === 0 ? 0 : Math.min(ODDS_MAX, (one.odds * one.share) / (now[i] ?? 1)),
    }))
  }
  return new Map(weighted.map(({ name, odds }) => [name, odds]))
}
