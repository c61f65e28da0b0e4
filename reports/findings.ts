// Findings: what goes wrong in a harness, one sentence each, how likely it is, and the line that
// replays the run in which the fewest lapses and faults are enough.
import { isFree } from '../sim/core/difficulty.ts'
import type { Command } from './command.ts'
import { plural } from './format.ts'
import type { RunRecord, Verdict } from './record.ts'
import { byText, groupBy, isJudged } from './units.ts'

export interface Finding {
  readonly harness: string
  readonly profile: string
  /** The name of what was violated, or why it stuck or crashed. */
  readonly reason: string
  readonly verdict: Verdict
  /** In the third person, without a subject. Written by scenarios and harnesses: to be escaped. */
  readonly sentence: string
  readonly scenarios: readonly string[]
  /** Runs that show it, of those that were exposed to what it takes. */
  readonly shown: number
  readonly exposed: number
  /**
   * Of the example: departures of the model, and of everything else. Samples have no odds: not
   * counted.
   */
  readonly lapses: number
  readonly faults: number
  /** A placed hazard was met in the example. */
  readonly placed: boolean
  /** A conversation of the example lost what it still needed: its window was too small, or made so. */
  readonly dropped: boolean
  /** The RUN_ID of the example, and the line that replays it. */
  readonly example: string
  readonly replay: string
  /** Among those to be printed first. */
  readonly headline: boolean
}

type Unmarked = Omit<Finding, 'headline'>

const WORST_FIRST: readonly Verdict[] = ['crash', 'stuck', 'fail']
const HEADLINES_EACH = 3
const HEADLINES_IN_ALL = 6

const REASONS: Readonly<Record<string, string>> = {
  late: 'gets there only after the lapses have stopped',
  deadlock: 'waits for something that cannot come any more',
  returned: 'returns while jobs are open',
  hung: 'hangs: no progress for 10 s of real time',
  nondeterministic: 'behaves differently when the same run is repeated',
}

/** A harness that its user brought: its id is a path, as the command line took it. */
export const isUsers = (harness: string): boolean =>
  /^[./]|\.(ts|js|mjs|cjs|yaml|yml)(#|$)/.test(harness)

/**
 * What departed, without the details of a lapse that is counted already (`.../phantom-tool/name`).
 */
export function departures({ decisions }: RunRecord): { lapses: number; faults: number } {
  const likely = decisions.filter(({ id, p }) => p !== null && !isFree(id))
  const details = likely
    .filter(({ id }) => id.endsWith('/lapse'))
    .map(({ id, value }) => `${id.slice(0, -'lapse'.length)}${value}/`)
  const whole = likely.filter(({ id }) => !details.some((prefix) => id.startsWith(prefix)))
  // Only keys of the machine's events (`session/generate#2`) and what goes under them bear a number
  // sign.
  const faults = whole.filter(({ id }) => id.includes('#')).length
  return { lapses: whole.length - faults, faults }
}

/** All findings, worst first; records of controls are the caller's to leave out. */
export function findings(records: readonly RunRecord[], command: Command): Finding[] {
  const judged = records.filter(isJudged)
  const cells = groupBy(judged, cellOf)
  const failing = judged.filter((r) => r.verdict !== 'pass')
  const groups = groupBy(failing, (r) =>
    JSON.stringify([r.harness, r.profile, r.verdict, kindOf(r)]),
  )
  const found = [...groups.values()].flatMap((shown) => one(shown, cells, command) ?? [])
  return mark(
    found.sort(worstFirst),
    records.some(({ harness }) => isUsers(harness)),
  )
}

/** What runs are exposed to follows from the parameters, too: where nobody attacks, nobody is hijacked. */
const cellOf = ({ harness, profile, scenario, params }: RunRecord): string =>
  JSON.stringify([harness, profile, scenario, Object.entries(params).sort(byName)])

const byName = ([a]: readonly [string, number], [b]: readonly [string, number]): number =>
  byText(a, b)

/** Messages of the same throw differ by the ids and sizes in them. */
const kindOf = ({ verdict, reason }: Pick<RunRecord, 'verdict' | 'reason'>): string =>
  verdict === 'crash' ? reason.replace(/\d+/g, '0') : reason

function one(
  shown: readonly RunRecord[],
  cells: ReadonlyMap<string, readonly RunRecord[]>,
  command: Command,
): Unmarked | undefined {
  const ranked = shown
    .map((record) => ({ record, ...departures(record) }))
    .sort((a, b) => a.lapses + a.faults - b.lapses - b.faults || byText(a.record.id, b.record.id))
  const [example] = ranked
  if (example === undefined) return undefined
  const { harness, profile, reason, verdict, id } = example.record
  const scenarios = [...new Set(shown.map((record) => record.scenario))].sort(byText)
  const met = [...new Set(shown.map(cellOf))].flatMap((cell) => cells.get(cell) ?? [])
  const unprovoked = shown.some((record) => record.placed === 0)
  const exposed = met.filter((record) => unprovoked || record.placed > 0)
  return {
    harness,
    profile,
    reason,
    verdict,
    sentence: sentenceOf(ranked.map(({ record }) => record)),
    scenarios,
    shown: shown.length,
    exposed: exposed.length,
    lapses: example.lapses,
    faults: example.faults,
    placed: example.record.met > 0,
    dropped: (example.record.metrics.retention ?? 1) < 1,
    example: id,
    replay: command('replay', id),
  }
}

/** The machine names its bounds by what they allow: `200 requests`, `24 hours of virtual time`. */
const bounded = (verdict: Verdict, reason: string): string | undefined =>
  verdict === 'stuck' && /^\d/.test(reason) ? `has no answer after ${reason}` : undefined

const saying = ({ verdict, reason, violations }: RunRecord): string =>
  violations.find(({ name }) => name === reason)?.says ??
  REASONS[reason] ??
  bounded(verdict, reason) ??
  (reason === '' ? verdict : `${verdict}: ${reason}`)

/** What most of them say; where as many say something else, what the earliest says. */
function sentenceOf(ranked: readonly RunRecord[]): string {
  const counts = [...groupBy(ranked.map(saying), (says) => says)]
  return counts.sort(([, a], [, b]) => b.length - a.length)[0]?.[0] ?? ''
}

function worstFirst(a: Unmarked, b: Unmarked): number {
  return (
    WORST_FIRST.indexOf(a.verdict) - WORST_FIRST.indexOf(b.verdict) ||
    b.shown / b.exposed - a.shown / a.exposed ||
    byText(a.harness, b.harness) ||
    byText(a.reason, b.reason) ||
    byText(a.profile, b.profile)
  )
}

/**
 * Three for each harness of the user's; where there is none, six in all. One a harness and reason.
 */
function mark(sorted: readonly Unmarked[], brought: boolean): Finding[] {
  const seen = new Set<string>()
  const printed = new Map<string, number>()
  return sorted.map((finding) => {
    const key = JSON.stringify([finding.harness, kindOf(finding)])
    const where = brought ? finding.harness : ''
    const before = printed.get(where) ?? 0
    const room = before < (brought ? HEADLINES_EACH : HEADLINES_IN_ALL)
    const headline = room && !seen.has(key) && (!brought || isUsers(finding.harness))
    if (headline) printed.set(where, before + 1)
    seen.add(key)
    return { ...finding, headline }
  })
}

/** How likely, in words that claim no more than a count of runs can. */
export function likelihood({ shown, exposed }: Pick<Finding, 'shown' | 'exposed'>): string {
  const share = shown / exposed
  if (shown >= exposed) return exposed === 1 ? 'in its only run' : `in all ${exposed} runs`
  if (share > 2 / 3) return `about ${Math.min(9, Math.round(share * 10))} in 10 runs`
  return `about 1 in ${Math.round(1 / share)} runs`
}

/** More departures than this are not told one by one: most of them have no part in it. */
const FEW = 3

type Departed = Pick<Finding, 'lapses' | 'faults' | 'placed' | 'dropped'>

export function cause({ lapses, faults, placed, dropped }: Departed): string {
  const parts = [
    placed && 'the placed hazard',
    lapses > 0 && (lapses > FEW ? 'several lapses' : plural(lapses, 'lapse')),
    faults > 0 && plural(faults, 'fault'),
  ].filter((part) => part !== false)
  if (parts.length === 0) return dropped ? 'the window alone' : 'no lapse and no fault: by design'
  return parts.length === 1 && placed ? 'the placed hazard alone' : parts.join(', ')
}
