// Invented tools as a chain of two states, and what follows an error of a tool: as counted on traces of
// episodes. They race with the model's other lapses; and after a phantom the episode is one of the harder
// ones, as phantoms are likelier there: so what was counted after one is more than holds in the median.
import { solve } from './search.ts'
import { overInstances } from './spread.ts'

export interface ChainCells {
  /** Shares of calls: a phantom after a valid call, and after a phantom; an end after a phantom. */
  readonly afterValid: number
  readonly afterPhantom: number
  readonly endsAfterPhantom: number
}

/** Odds in the median episode, against going on as planned. */
export interface Chain {
  readonly rate: number
  readonly persistence: number
  /** That the episode ends after a phantom. */
  readonly ends: number
}

/** Odds of the other lapses of a turn: of each kind of turn, as many of one as of the other. */
export type Others = readonly number[]

const overTurns = (others: Others, f: (odds: number) => number): number =>
  others.reduce((sum, odds) => sum + f(odds), 0) / others.length

/** The share of turns that go this way where others, too, are so likely. */
export const happens = (odds: number, others: Others, spread: number): number =>
  overInstances(spread, (times) =>
    overTurns(others, (beside) => (odds * times) / (1 + (odds + beside) * times)),
  )

/** The odds at which it does. */
export const oddsFor = (share: number, others: Others, spread: number): number =>
  Math.exp(solve((log) => happens(Math.exp(log), others, spread), share, [-20, 12]))

/** The shares of turns that are a phantom, and that go on so after one. */
export function afterOne(chain: Chain, others: Others, spread: number): ChainCells {
  const { rate, persistence, ends } = chain
  const mean = (then: (times: number, beside: number) => number): number =>
    overInstances(spread, (times) =>
      overTurns(
        others,
        (beside) => ((rate * times) / (1 + (rate + beside) * times)) * then(times, beside),
      ),
    )
  const all = mean(() => 1)
  const share = (odds: number): number =>
    mean((times, beside) => (odds * times) / (1 + (persistence + ends + beside) * times)) / all
  return { afterValid: all, afterPhantom: share(persistence), endsAfterPhantom: share(ends) }
}

export function fitChain(cells: ChainCells, others: Others, spread: number): Chain {
  const { afterValid, afterPhantom, endsAfterPhantom } = cells
  const rate = oddsFor(afterValid, others, spread)
  const both = afterPhantom + endsAfterPhantom
  const chainOf = (all: number): Chain => ({
    rate,
    persistence: (all * afterPhantom) / both,
    ends: (all * endsAfterPhantom) / both,
  })
  const seen = (log: number): number => {
    const at = afterOne(chainOf(Math.exp(log)), others, spread)
    return at.afterPhantom + at.endsAfterPhantom
  }
  return chainOf(Math.exp(solve(seen, both, [-20, 12])))
}
