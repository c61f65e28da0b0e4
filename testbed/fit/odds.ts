// Shares of ways in which a turn can go, and the odds behind them: one race between a competent course and
// all others, whose odds grow alike with an instance's difficulty.
import { overInstances } from './spread.ts'

/** The share of each way over instances; what is left is competence. */
export function sharesOf(odds: readonly number[], spread: number): number[] {
  const all = odds.reduce((sum, one) => sum + one, 0)
  const happens = overInstances(spread, (times) => (all * times) / (1 + all * times))
  return odds.map((one) => (all === 0 ? 0 : (happens * one) / all))
}

/** A behaviour's rate for its odds, and the odds for a rate. */
export const rateOf = (odds: number): number => odds / (1 + odds)
export const oddsOf = (rate: number): number => rate / (1 - rate)

/** A share of so many seen in so many: half a case is added, as what was not seen is rare, not impossible. */
export const share = (percent: number, n: number): number => ((percent / 100) * n + 0.5) / (n + 1)
