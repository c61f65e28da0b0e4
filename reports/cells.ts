// Cells: one harness under one profile on one scenario, down to the runs that failed and the lines
// that replay them. What JUnit lists, and where a page leads from a figure to the runs behind it.
import type { Command } from './command.ts'
import type { RunRecord, Verdict } from './record.ts'
import { average, byText, groupBy, isCounted, isJudged, shareOf, trialsOf } from './units.ts'

export interface Failure {
  readonly id: string
  readonly verdict: Verdict
  readonly reason: string
  /** What was violated, or the reason again. To be escaped. */
  readonly says: readonly string[]
  readonly replay: string
}

export type Counts = Readonly<Record<Verdict, number>>

export interface ScenarioCell {
  readonly harness: string
  readonly profile: string
  readonly scenario: string
  readonly control: boolean
  readonly runs: number
  readonly verdicts: Counts
  /** Mean over instances of the share of trials passed; null where nothing was counted. */
  readonly solved: number | null
  /** Hazards placed, and those that were met, over all runs. */
  readonly placed: number
  readonly met: number
  /** Why runs were skipped. */
  readonly skips: readonly string[]
  /** The first ones by id; `verdicts` has the number of all. */
  readonly failures: readonly Failure[]
}

const FAILURES_LISTED = 5

export function count(records: readonly RunRecord[]): Counts {
  const counts = { pass: 0, fail: 0, stuck: 0, crash: 0, error: 0, skip: 0 }
  for (const { verdict } of records) counts[verdict]++
  return counts
}

export function scenarioCells(
  records: readonly RunRecord[],
  controls: ReadonlySet<string>,
  command: Command,
): ScenarioCell[] {
  const groups = groupBy(records, (r) => JSON.stringify([r.harness, r.profile, r.scenario]))
  return [...groups.values()]
    .flatMap((runs) => cell(runs, controls, command) ?? [])
    .sort(
      (a, b) =>
        byText(a.harness, b.harness) ||
        byText(a.profile, b.profile) ||
        byText(a.scenario, b.scenario),
    )
}

function cell(
  runs: readonly RunRecord[],
  controls: ReadonlySet<string>,
  command: Command,
): ScenarioCell | undefined {
  const [first] = runs
  if (first === undefined) return undefined
  const { harness, profile, scenario } = first
  const failed = runs.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'skip')
  const skipped = runs.filter(({ verdict }) => verdict === 'skip')
  const judged = runs.filter(isJudged)
  return {
    harness,
    profile,
    scenario,
    control: controls.has(harness),
    runs: runs.length,
    verdicts: count(runs),
    solved: average([...trialsOf(runs.filter(isCounted)).values()].map(shareOf)),
    placed: judged.reduce((sum, { placed }) => sum + placed, 0),
    met: judged.reduce((sum, { met }) => sum + met, 0),
    skips: [...new Set(skipped.map(({ reason }) => reason))].sort(byText),
    failures: failed.slice(0, FAILURES_LISTED).map((record) => failure(record, command)),
  }
}

function failure({ id, verdict, reason, violations }: RunRecord, command: Command): Failure {
  const says = violations.length > 0 ? violations.map((violation) => violation.says) : [reason]
  return { id, verdict, reason, says, replay: command('replay', id) }
}
