// The unit of statistics is the instance: what was drawn once and met by every harness. Trials of
// one instance are not independent, so they are averaged before anything else is done with them.
import { mean } from 'simple-statistics'
import type { RunRecord, Verdict } from './record.ts'
import type { Trials } from './stats/pass-k.ts'

/** The profile without lapses: a control, kept apart from what is measured under lapses. */
export const FLAWLESS = 'flawless'

const JUDGED: ReadonlySet<Verdict> = new Set(['pass', 'fail', 'stuck', 'crash'])

/** Errors are ours and skips are nobody's: neither counts for or against a harness. */
export const isJudged = (record: RunRecord): boolean => JUDGED.has(record.verdict)

const GIVEN_UP = /^not run after \d+ hung runs$/

/** Why a run was not made, once so many of its harness had hung. */
export const givenUp = (hangs: number): string => `not run after ${hangs} hung runs`

export const isGivenUp = ({ verdict, reason }: RunRecord): boolean =>
  verdict === 'skip' && GIVEN_UP.test(reason)

/** What a harness's figures are of: what was judged, and what was not run since it had hung too often. */
export const isCounted = (record: RunRecord): boolean => isJudged(record) || isGivenUp(record)

/** `generic+compaction/ledger` is judged by generic checks, and so of the family `generic`. */
export const familyOf = (scenario: string): string => scenario.split(/[+/]/)[0] ?? scenario

/** Plain order of code units, the same on every machine. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

export function groupBy<V, K = string>(members: Iterable<V>, key: (member: V) => K): Map<K, V[]> {
  const groups = new Map<K, V[]>()
  for (const member of members) {
    const name = key(member)
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [member])
    else group.push(member)
  }
  return groups
}

/** The same for all harnesses, profiles and trials of one drawn case. */
function instanceOf({ scenario, params, seed, instance }: RunRecord): string {
  const set = Object.entries(params).map(([name, value]) => `${name}=${value}`)
  return `${scenario}[${set.sort(byText).join(',')}]@${instance}:${seed}`
}

/** The same for all harnesses in one trial of one drawn case under one profile. */
export const runOf = (record: RunRecord): string =>
  `${instanceOf(record)}.${record.trial}:${record.profile}`

export const byInstance = (records: readonly RunRecord[]): Map<string, RunRecord[]> =>
  groupBy(records, instanceOf)

/** How many trials of each instance were solved. Only judged records may come in. */
export function trialsOf(records: readonly RunRecord[]): Map<string, Trials> {
  const trials = new Map<string, Trials>()
  for (const [key, runs] of byInstance(records)) {
    const passed = runs.filter((run) => run.verdict === 'pass').length
    trials.set(key, { passed, of: runs.length })
  }
  return trials
}

export const shareOf = ({ passed, of }: Trials): number => passed / of

/** Null of nothing. */
export function average(values: readonly number[]): number | null {
  return values.length === 0 ? null : mean([...values])
}
