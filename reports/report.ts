// The report of a campaign: from records to findings, tables and counts. Pure, and the same for any
// order of the records. Every format is written from this one value.
import { type Counts, count, type ScenarioCell, scenarioCells } from './cells.ts'
import { type Command, command as usual } from './command.ts'
import { compare } from './compare.ts'
import { faultyNotes } from './faulty.ts'
import { type Finding, findings } from './findings.ts'
import type { Metric } from './metric.ts'
import { type Portability, portability } from './portability.ts'
import type { Prices } from './prices.ts'
import type { RunRecord } from './record.ts'
import { type Draft, draft, type Table } from './table.ts'
import { byText, FLAWLESS, familyOf, groupBy } from './units.ts'
import { unknownNotes } from './unknown.ts'
import { unmeasuredNotes } from './unmeasured.ts'

export interface HarnessLine {
  readonly harness: string
  readonly control: boolean
  readonly verdicts: Counts
}

export interface ScenarioLine {
  readonly scenario: string
  /** Empty where the catalogue no longer has it. */
  readonly claim: string
}

/** A run of ours that went wrong: never counted against a harness. */
export interface ErrorLine {
  readonly id: string
  readonly reason: string
  readonly replay: string
}

/** Plain data: what `report.json` holds. */
export interface Report {
  readonly enosys: 1
  readonly counts: {
    readonly runs: number
    readonly verdicts: Counts
    /** Runs that waited for the real world: their replay may differ. */
    readonly inexact: number
  }
  readonly profiles: readonly string[]
  readonly harnesses: readonly HarnessLine[]
  readonly scenarios: readonly ScenarioLine[]
  /** Worst first. */
  readonly findings: readonly Finding[]
  /** By family, then profile. */
  readonly tables: readonly Table[]
  /** What each harness keeps of its best profile under its worst, family by family. */
  readonly portability: readonly Portability[]
  /** The control without lapses: what fails there fails without any. */
  readonly flawless: readonly ScenarioCell[]
  /** By harness, profile and scenario; the control without lapses as well. */
  readonly cells: readonly ScenarioCell[]
  readonly errors: readonly ErrorLine[]
  readonly notes: readonly string[]
}

export interface ReportOptions {
  readonly metrics: ReadonlyMap<string, Metric>
  readonly controls: ReadonlySet<string>
  /** Scenario id to claim. */
  readonly claims: ReadonlyMap<string, string>
  readonly prices?: Prices | undefined
  readonly notes?: readonly string[]
  readonly command?: Command
}

export function report(records: readonly RunRecord[], of: ReportOptions): Report {
  const { controls, claims, notes = [], command = usual } = of
  const sorted = once(records)
  const names = (key: (record: RunRecord) => string): string[] =>
    [...new Set(sorted.map(key))].sort(byText)
  const profiles = names(({ profile }) => profile)
  // A campaign of nothing else is about that profile: then it is no control.
  const isControl = (profile: string): boolean => profile === FLAWLESS && profiles.length > 1
  const main = sorted.filter(({ profile }) => !isControl(profile))
  const cells = scenarioCells(sorted, controls, command)
  const all = tables(main, of)
  const errors = sorted.filter(({ verdict }) => verdict === 'error')
  return {
    enosys: 1,
    counts: {
      runs: sorted.length,
      verdicts: count(sorted),
      inexact: sorted.filter(({ inexact }) => inexact).length,
    },
    profiles,
    harnesses: names(({ harness }) => harness).map((harness) => ({
      harness,
      control: controls.has(harness),
      verdicts: count(sorted.filter((record) => record.harness === harness)),
    })),
    scenarios: names(({ scenario }) => scenario).map((scenario) => ({
      scenario,
      claim: claims.get(scenario) ?? '',
    })),
    findings: findings(
      main.filter(({ harness }) => !controls.has(harness)),
      command,
    ),
    tables: all,
    portability: portability(all),
    flawless: cells.filter(({ profile }) => isControl(profile)),
    cells,
    errors: errors.map(({ id, reason }) => ({ id, reason, replay: command('replay', id) })),
    notes: [...notes, ...faultyNotes(sorted), ...unmeasuredNotes(sorted), ...unknownNotes(sorted)],
  }
}

/** In order of ids; what merging brought in twice, once. */
function once(records: readonly RunRecord[]): RunRecord[] {
  const sorted = [...records].sort((a, b) => byText(a.id, b.id) || byText(a.digest, b.digest))
  return sorted.filter((record, i) => {
    const before = sorted[i - 1]
    return before?.id !== record.id || before.digest !== record.digest
  })
}

function tables(records: readonly RunRecord[], of: ReportOptions): Table[] {
  const groups = groupBy(records, (r) => JSON.stringify([familyOf(r.scenario), r.profile]))
  const drafts = [...groups.values()]
    .flatMap((runs): Draft[] => {
      const [first] = runs
      const made = first && draft(familyOf(first.scenario), first.profile, runs, of)
      return made === undefined ? [] : [made]
    })
    .sort(
      ({ table: a }, { table: b }) => byText(a.family, b.family) || byText(a.profile, b.profile),
    )
  const compared = compare(drafts.map(({ field }) => field))
  return drafts.map(({ table }, i) => ({ ...table, comparisons: compared[i] ?? [] }))
}
