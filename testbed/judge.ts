// The verdict of one run, from its ending, its world and its trace. Precedence: error, crash, stuck, fail.
import { type Isolation, isolationOf } from '../reports/isolation/index.ts'
import type { MeasuredRun, Metric } from '../reports/metric.ts'
import type { RunRecord, Violation } from '../reports/record.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import { AssertionError, UsageError } from '../sim/core/assert.ts'
import type { Ending } from '../sim/ending.ts'
import type { Instance, TraceEvent } from '../sim/index.ts'
import type { Simulation } from '../sim/machine.ts'
import { scenarioFile } from './drawn.ts'
import { metricFile } from './own-metrics.ts'
import { tame } from './user-harness.ts'

type Judgement = Pick<
  RunRecord,
  | 'verdict'
  | 'reason'
  | 'violations'
  | 'metrics'
  | 'faulty'
  | 'requests'
  | 'tokens'
  | 'virtualMs'
  | 'unknown'
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

/** @throws {UsageError} where a scenario's check does, by its file. */
function checkedBy(scenario: Scenario, judged: Parameters<Scenario['check']>[0]): Violation[] {
  try {
    return [...scenario.check(judged)]
  } catch (thrown) {
    if (thrown instanceof AssertionError) throw thrown
    throw new UsageError(
      `${scenarioFile(judged.instance.scenario)}: check: ${tame(thrown).message}`,
    )
  }
}

interface Numbers extends Pick<RunRecord, 'metrics'> {
  /** What is wrong with those that give no number; part of a record only where there are some. */
  readonly faulty?: RunRecord['faulty']
}

/** A metric that throws, or says what is no number, says nothing of the run. */
function measuredBy(metrics: ReadonlyMap<string, Metric>, run: MeasuredRun): Numbers {
  const numbers: Record<string, number | null> = {}
  const faulty: string[] = []
  for (const [id, metric] of metrics) {
    numbers[id] = null
    try {
      const value: unknown = metric.measure(run)
      if (value === null || (typeof value === 'number' && Number.isFinite(value)))
        numbers[id] = value
      else
        faulty.push(`${metricFile(id)}: measure: expected a number or null, got ${String(value)}`)
    } catch (thrown) {
      if (thrown instanceof AssertionError) throw thrown
      faulty.push(`${metricFile(id)}: measure: ${tame(thrown).message}`)
    }
  }
  return { metrics: numbers, ...(faulty.length > 0 && { faulty }) }
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
  const violations = checkedBy(scenario, { instance, before, after, trace })
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
    ...measuredBy(metrics, measured),
    requests: simulation.requests,
    tokens: tokensOf(trace),
    virtualMs: simulation.now,
    ...unknownIn(trace),
  }
}
