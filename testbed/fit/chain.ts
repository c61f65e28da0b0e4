// Invented tools as a chain of two states, and what follows an error of a tool: as counted on traces of
// episodes. After a phantom the episode is one of the harder ones, as phantoms are likelier there: so what
// was counted after one is more than holds in the median episode.
import { shifted } from '../../sim/core/difficulty.ts'
import { fitCalls } from './calls.ts'
import { rateOf } from './odds.ts'
import { solve } from './search.ts'
import { logistic, overInstances } from './spread.ts'

export interface ChainCells {
  /** Shares of calls: a phantom after a valid call, and after a phantom; an end after a phantom. */
  readonly afterValid: number
  readonly afterPhantom: number
  readonly endsAfterPhantom: number
}

export interface Chain {
  readonly rate: number
  readonly persistence: number
  /** Odds that the episode ends after a phantom, against going on as planned. */
  readonly ends: number
}

/** The mean of a share over the episodes in which a phantom came first. */
export const afterOne = (rate: number, spread: number, share: (odds: number) => number): number =>
  overInstances(spread, (odds) => shifted(rate, odds) * share(odds)) /
  overInstances(spread, (odds) => shifted(rate, odds))

export function fitChain(cells: ChainCells, spread: number): Chain {
  const { afterValid, afterPhantom, endsAfterPhantom } = cells
  const mean = (log: number): number =>
    overInstances(spread, (odds) => shifted(logistic(log), odds))
  const rate = logistic(solve(mean, afterValid, [-20, 20]))
  const both = afterPhantom + endsAfterPhantom
  const happens = (log: number): number =>
    afterOne(rate, spread, (odds) => shifted(logistic(log), odds))
  const all = Math.exp(solve(happens, both, [-20, 20]))
  return {
    rate,
    persistence: rateOf((all * afterPhantom) / both),
    ends: (all * endsAfterPhantom) / both,
  }
}

/** The odds of each way on after an error against making the very same call again. */
export const fitAfterError = (
  shares: Readonly<Record<string, number>>,
  spread: number,
): Map<string, number> =>
  fitCalls(
    Object.entries(shares).map(([name, share]) => ({ name, share })),
    spread,
  )
