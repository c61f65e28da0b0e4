// The verdict of one run, from its ending, its world and its trace. Precedence: error, crash, stuck, fail.
import { type Isolation, isolationOf } from '../reports/isolation/index.ts'
import type { MeasuredRun, Metric } from '../reports/metric.ts'
import type { RunRecord, Violation } from '../reports/record.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import type { Ending } from '../sim/ending.ts'
import type { Instance, TraceEvent } from '../sim/index.ts'
import type { Simulation } from '../sim/machine.ts'

type Judgement = Pick<
  RunRecord,
  'verdict' | 'reason' | 'violations' | 'metrics' | 'requests' | 'tokens' | 'virtualMs' | 'unknown'
>

export interface Judged {
  readonly scenario: Scenario
  readonly instance: Instance
  readonly ending: Ending
  readonly simulation: Simulation
  readonly trace: readonly TraceEvent[]
  readonly metrics: ReadonlyMap<string, Metric>
}

function verdictOf(
  ending: Ending,
  violations: readonly Violation[],
  isLate: boolean,
): Pick<RunRecord, 'verdict' | 'reason'> {
  if (ending.kind !== 'done') return { verdict: ending.kind, reason: ending.reason }
  const [worst] = violations
  if (worst !== undefined) return { verdict: 'fail', reason: worst.name }
  return isLate ? { verdict: 'fail', reason: 'late' } : { verdict: 'pass', reason: '' }
}

/** Input and output tokens of all answers. */
function tokensOf(trace: readonly TraceEvent[]): number {
  let sum = 0
  for (const event of trace) {
    if (event.kind === 'generation') sum += event.usage.input + event.usage.output
  }
  return sum
}

/** Defences that were seen and have no known effect: part of a record only where there are some. */
function unknownIn(trace: readonly TraceEvent[]): Pick<RunRecord, 'unknown'> {
  const unknown = new Set<string>()
  for (const event of trace) if (event.kind === 'unknown') unknown.add(event.what)
  return unknown.size === 0 ? {} : { unknown: [...unknown] }
}

export function judge({
  scenario,
  instance,
  ending,
  simulation,
  trace,
  metrics,
}: Judged): Judgement {
  const before = instance.world
  const after = simulation.world.data()
  const violations = [...scenario.check({ instance, before, after, trace })]
  const { verdict, reason } = verdictOf(ending, violations, simulation.isLate)
  let isolation: Isolation | undefined
  const measured: MeasuredRun = {
    ...{ instance, trace, before, after, solved: verdict === 'pass' },
    isolation: () => {
      isolation ??= isolationOf(trace, before.files)
      return isolation
    },
  }
  return {
    verdict,
    reason,
    violations,
    metrics: Object.fromEntries([...metrics].map(([id, metric]) => [id, metric.measure(measured)])),
    requests: simulation.requests,
    tokens: tokensOf(trace),
    virtualMs: simulation.now,
    ...unknownIn(trace),
  }
}
