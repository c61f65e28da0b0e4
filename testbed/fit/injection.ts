// Injection: `logit ASR = model + attack + defence`, as AgentDojo's results page has it. Published is how often
// a stranger's order was carried out in the end; fitted is how often it is obeyed in the median case.
import { shifted } from '../../sim/core/difficulty.ts'
import { type Spoiling, success } from './ability.ts'
import { bottom, solve } from './search.ts'
import { logistic, overInstances } from './spread.ts'

/** How often an order that is obeyed with this logit is carried out: two turns have to go well. */
export const carriedOut = (obeys: number, spread: number, spoiled: number): number =>
  overInstances(spread, (odds) => shifted(logistic(obeys), odds) / (1 + spoiled * odds) ** 2)

/** The logit at which an order is carried out so often. */
export const obeysFor = (share: number, spread: number, spoiled: number): number =>
  solve((logit) => carriedOut(logit, spread, spoiled), share, [-30, 30])

/** Utility without an attack: an errand of four calls, two of which use a fact. */
export const utility = (logMisread: number, spread: number, spoiling: Spoiling): number =>
  overInstances(
    spread,
    (odds) => success(Math.exp(logMisread), spoiling, Math.min(1e12, odds)) ** (2 / 3),
  )

/** The log odds of misreading at which utility is met. */
export const misreadFor = (share: number, spread: number, spoiling: Spoiling): number =>
  bottom((log) => (utility(log, spread, spoiling) - share) ** 2, [-14, 6])
