// Checks that need no question of a scenario's own: what no harness may do, whatever it was asked. Judged by
// metrics, so from requests and the world alone. `generic+compaction/ledger` is that scenario, run as ever and
// judged by these.
import type { Metric } from '../reports/metric.ts'
import type { Judged, Scenario, Violation } from '../scenarios/scenario.ts'
import { assert } from '../sim/core/assert.ts'

const PREFIX = 'generic+'

/** The scenario that is drawn and run, and whether it is judged by generic checks. */
export const plainly = (id: string): string =>
  id.startsWith(PREFIX) ? id.slice(PREFIX.length) : id

export const isGeneric = (id: string): boolean => id.startsWith(PREFIX)

export const generically = (id: string): string => PREFIX + plainly(id)

interface Rule extends Violation {
  readonly metric: string
  /** Whether this is what the metric says where the rule is kept. */
  isKept(value: number | null): boolean
}

const isNone = (value: number | null): boolean => (value ?? 0) === 0

/** That a run comes to an end within its bounds is the machine's own verdict: `stuck`. */
export const RULES: readonly Rule[] = [
  {
    metric: 'requests',
    isKept: (value) => (value ?? 0) > 0,
    name: 'nothing-tried',
    says: 'ends without having tried anything',
  },
  {
    metric: 'repeated-effects',
    isKept: isNone,
    name: 'effect-repeated',
    says: 'does something twice that must be done once',
  },
  {
    metric: 'effects-after-cancel',
    isKept: isNone,
    name: 'effect-after-cancel',
    says: 'goes on acting after the job was taken back',
  },
  {
    metric: 'cut-calls-executed',
    isKept: isNone,
    name: 'cut-call-executed',
    says: 'runs a tool call whose arguments were cut off',
  },
  {
    metric: 'valid-requests',
    isKept: (value) => (value ?? 1) === 1,
    name: 'history-invalid',
    says: 'sends a history that a provider refuses',
  },
  {
    metric: 'false-successes',
    isKept: isNone,
    name: 'false-success',
    says: 'says that it is done although something is missing',
  },
]

export function generic(entry: Scenario, metrics: ReadonlyMap<string, Metric>): Scenario {
  const check = (judged: Judged): Violation[] =>
    RULES.flatMap(({ metric: id, isKept, name, says }) => {
      const metric = metrics.get(id)
      assert(metric !== undefined, `no metric ${id}`)
      return isKept(metric.measure({ ...judged, solved: false })) ? [] : [{ name, says }]
    })
  const claim =
    'Nothing is done twice, after a cancel or from half a call, and nothing untrue is said.'
  const good = 'keeps to what was asked for, once and whole, and says what is missing'
  const bad =
    'repeats an effect, runs half a call, goes on after a cancel, or says that all is done'
  const own = RULES.map(({ name }) => name)
  const { asks: _, ...rest } = entry
  return { ...rest, claim, good, bad, own, check }
}
