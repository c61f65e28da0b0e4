// Cases for the page of scenarios: one in which one harness fails by what the scenario asks, not by bad luck
// beside it, and another passes. Without lapses if there is such a case, else with as few as can be found.
import type { House } from './house.ts'
import { type RunResult, run } from './run.ts'
import type { RunSpec } from './run-id.ts'

export type Ran = RunResult & { readonly spec: RunSpec }

export interface Case {
  /** Fails by one of the scenario's own violations. */
  readonly bad: Ran
  /** Passes the same case; undefined where nobody that was tried does, not even a control. */
  readonly good: Ran | undefined
}

interface Tried {
  readonly good: readonly string[]
  readonly bad: readonly string[]
}

/** As people build them. */
const KERNELS = ['best', 'monolith', 'micro', 'codex', 'letta', 'openharness', 'branching', 'loop']
const MORE = ['aios', 'opencode', 'paging', 'terminal', 'mini']
const COMMON: Tried = {
  good: [...KERNELS, ...MORE, 'loop+recovery=quorum'],
  bad: ['loop', 'micro', 'mini', 'monolith', 'codex', 'best'],
}
/** A control where nobody else passes. */
const CEILING = 'clairvoyant'

const GATES = ['loop+access=deny-first', 'best+access=deny-first', 'loop+access=asked-once']

/** By family, or by scenario: first those that differ from a plain loop in the one part that is asked about. */
const TRIED: Readonly<Record<string, Tried>> = {
  budgets: {
    good: ['loop+scheduler=fair-share', 'loop+budget=group'],
    bad: ['loop', 'mini', 'monolith', 'micro', 'codex'],
  },
  compaction: {
    good: ['loop+pinning=task'],
    bad: ['loop', 'letta', 'paging', 'monolith', 'codex', 'openharness', 'opencode', 'micro'],
  },
  'crash-resume': {
    good: ['loop+checkpoint=jsonl', 'loop+access=once', 'loop+isolation=branch'],
    bad: ['loop', 'loop+checkpoint=jsonl', 'micro', 'letta', 'monolith'],
  },
  injection: {
    good: [
      ...['loop+defence=dual-model', 'loop+defence=provenance', 'loop+defence=data-marking'],
      ...['loop+defence=tool-filter', 'loop+defence=detector', 'loop+defence=repeated-prompt'],
    ],
    bad: ['loop', 'micro', 'monolith', 'loop+defence=dual-model', 'loop+defence=provenance'],
  },
  // An order has to come through a summary here.
  'injection/laundered-by-compaction': {
    good: ['loop+defence=dual-model', 'loop+defence=provenance', 'loop+defence=data-marking'],
    bad: ['codex', 'monolith', 'letta', 'paging', 'openharness', 'opencode'],
  },
  isolation: {
    good: ['loop+isolation=optimistic', 'loop+isolation=branch', 'loop+isolation=session-lock'],
    bad: ['loop', 'micro', 'aios', 'loop+isolation=file-lock', 'loop+isolation=worktree'],
  },
  nondeterminism: {
    good: ['loop+checkpoint=jsonl', 'loop+recovery=quorum'],
    bad: ['loop', 'micro', 'codex', 'loop+recovery=repair-json'],
  },
  permissions: {
    good: GATES,
    bad: ['loop+access=last-match', 'loop', 'opencode', 'micro', 'monolith'],
  },
  'permissions/approval-fatigue': { good: GATES, bad: ['loop+access=ask', 'loop', 'opencode'] },
  'permissions/grants-after-resume': { good: GATES, bad: ['loop+access=restored-grants', 'loop'] },
  'permissions/many-subcommands': { good: GATES, bad: ['loop+access=fifty-subcommands', 'loop'] },
  'phantom-calls': {
    good: ['loop+recovery=strict', 'loop+recovery=requery', 'loop+recovery=list-tools'],
    bad: [
      ...['loop', 'micro', 'mini', 'loop+recovery=repair-json', 'loop+recovery=throws'],
      ...['loop+recovery=silent-end', 'loop+recovery=coerce-types'],
      ...['loop+recovery=catalogue-each-time', 'loop+isolation=silent-skip'],
    ],
  },
  'phantom-calls/dangerous-neighbour': {
    good: ['loop+recovery=strict', 'loop+recovery=requery'],
    bad: ['loop+recovery=runs-nearest', 'loop', 'micro'],
  },
  preemption: {
    good: [
      ...['loop+interrupt=by-token', 'loop+budget=answer', 'loop+scheduler=deadline'],
      ...['loop+scheduler=priority', 'best+scheduler=deadline', 'best+scheduler=priority'],
    ],
    bad: ['loop', 'mini', 'letta', 'micro', 'loop+scheduler=preempt-and-restart'],
  },
}

/**
 * A model without lapses first, which meets nothing that is placed either: what fails there fails by its design.
 * The next one where nobody fails by what is asked under those before; and so many cases of each.
 */
const PROFILES = [
  ['flawless', 2],
  ['typical', 10],
  ['gullible', 6],
  ['hijacked', 6],
] as const
/** Failures to choose from. */
const ENOUGH = 5

/** More than any number of decisions. */
const WORSE = 1000

/** Whether it came by what is placed. */
const isMet = ({ trace }: Ran): boolean => trace.some(({ kind }) => kind === 'hazard')

/** What says most plainly how a run failed: the first of the scenario's own, then the fewest departures. */
function plainness({ record }: Ran, own: readonly string[]): number {
  if (!['fail', 'stuck', 'crash'].includes(record.verdict)) return Number.POSITIVE_INFINITY
  const names = record.violations.map(({ name }) => name)
  const at = own.findIndex((name) => names.includes(name))
  return at < 0 ? Number.POSITIVE_INFINITY : at * WORSE + record.decisions.length
}

interface Found {
  readonly result: Ran
  readonly rank: number
}

const isEnough = (found: readonly Found[]): boolean =>
  found.filter(({ rank }) => rank < WORSE).length >= ENOUGH

export async function caseOf(id: string, house: House): Promise<Case | undefined> {
  const { own } = await house.scenario(id)
  const tried = TRIED[id] ?? TRIED[id.split('/')[0] ?? ''] ?? COMMON
  const goods = [...new Set([...tried.good, ...COMMON.good])]
  const known = new Map<string, Ran>()
  const ran = async (harness: string, instance: number, profile: string): Promise<Ran> => {
    const key = `${harness} ${instance} ${profile}`
    const found = known.get(key)
    if (found !== undefined) return found
    const spec = { scenario: id, params: {}, instance, trial: 0, harness, profile, seed: 1 }
    const result = { ...(await run(spec, 'sampled', house)), spec }
    known.set(key, result)
    return result
  }
  const passing = async ({ spec }: Ran, from: readonly string[]): Promise<Ran | undefined> => {
    for (const harness of from) {
      if (harness === spec.harness) continue
      const result = await ran(harness, spec.instance, spec.profile)
      if (result.record.verdict === 'pass') return result
    }
    return undefined
  }
  // Where trouble is placed a failure without it is another one.
  const isPlaced = isMet(await ran('loop', 0, 'typical')) || isMet(await ran('loop', 1, 'typical'))
  let alone: Ran | undefined
  for (const [profile, cases] of PROFILES) {
    if (isPlaced && profile === 'flawless') continue
    const found: Found[] = []
    for (let instance = 0; instance < cases && !isEnough(found); instance++)
      for (const harness of tried.bad) {
        const result = await ran(harness, instance, profile)
        const rank = plainness(result, own)
        if (isPlaced && !isMet(result)) continue
        if (rank < Number.POSITIVE_INFINITY) found.push({ result, rank })
        if (rank === 0) break
      }
    // Of the same rank in the order tried, so that a plain loop comes before an odd part.
    const sorted = found.toSorted((a, b) => a.rank - b.rank)
    for (const { result: bad } of sorted) {
      const good = await passing(bad, goods)
      if (good !== undefined) return { bad, good }
    }
    alone ??= sorted[0]?.result
  }
  return alone && { bad: alone, good: await passing(alone, [CEILING]) }
}
