// The plan of a campaign: which runs, in which order. Instances go outermost, so that whatever ends early
// has told something of every harness.
import { whole } from '../reports/format.ts'
import type { RunRecord } from '../reports/record.ts'
import { paramsOf } from '../scenarios/scenario.ts'
import { UsageError } from '../sim/core/assert.ts'
import { nearest } from '../sim/cpu/index.ts'
import { brokenRecord } from './broken.ts'
import { instanceFor } from './drawn.ts'
import { changedParams, type House } from './house.ts'
import { formatRunId, inSwarm, parseScenario, type RunSpec } from './run-id.ts'
import type { Order } from './worker.ts'

export interface CampaignPlan {
  /** Each as a suite names it: what stands in its own brackets goes before `set`. */
  readonly scenarios: readonly string[]
  readonly set: Readonly<Record<string, number>>
  readonly harnesses: readonly string[]
  readonly profiles: readonly string[]
  readonly instances: number
  readonly trials: number
  readonly seed: number
  /** Instances of the control without lapses; 0 for no control. */
  readonly controlInstances: number
  /** Instances of real harnesses, which are slow. */
  readonly realInstances: number
  readonly swarm: boolean
  /** This shard of so many; [0, 1] for all. */
  readonly shard: readonly [index: number, of: number]
}

/** Every how many runs one is run twice. */
const TWICE_EVERY = 20

export const CONTROL_PROFILE = 'flawless'

export interface Planned {
  readonly orders: readonly Order[]
  /** Runs that do not apply, with their reason. */
  readonly skipped: readonly RunRecord[]
}

/** Runs of one command: each is an order in memory, and a record when it ends. */
const RUNS_MAX = 1_000_000
/** Runs of a campaign with all its shards. */
const SHARDS_RUNS_MAX = 10_000_000

/** @throws {UsageError} for more runs than a command can hold. `fewer` says what would help. */
export function checkSize(runs: number, fewer: string, most = RUNS_MAX): void {
  if (runs > most)
    throw new UsageError(
      `${whole(runs)} runs are asked for; at most ${whole(most)} are possible: ${fewer}`,
    )
}

export async function planned(plan: CampaignPlan, house: House): Promise<Planned> {
  const scenarios = await asked(plan, house)
  const profiles = new Map(
    plan.profiles.map((id) => [plan.swarm ? inSwarm(id) : id, plan.instances]),
  )
  if (plan.controlInstances > 0 && !profiles.has(CONTROL_PROFILE))
    profiles.set(CONTROL_PROFILE, Math.min(plan.controlInstances, plan.instances))
  const harnesses = await kindsOf(plan.harnesses, house)
  const cases = [...profiles.values()].reduce((sum, instances) => sum + instances, 0)
  const all = cases * scenarios.length * plan.trials * harnesses.size
  checkSize(all, 'fewer --instances or --trials', SHARDS_RUNS_MAX)
  checkSize(Math.ceil(all / plan.shard[1]), 'fewer --instances, or a --shard at a time')
  const orders: Order[] = []
  const skipped: RunRecord[] = []
  const planned = new Map<string, number>()
  for (const { instance, count, ...cell } of cells(plan, scenarios, profiles)) {
    for (const [harness, isReal] of harnesses) {
      const most = isReal ? Math.min(count, plan.realInstances) : count
      if (instance >= most) continue
      const { isPortable, allParams, ...rest } = cell
      const spec: RunSpec = { ...rest, instance, harness, seed: plan.seed }
      if (isReal && !isPortable) {
        skipped.push(brokenRecord(spec, 'skip', 'needs tools that a real harness does not have'))
        continue
      }
      // Counted by harness: each has its first run twice, however many there are.
      const n = planned.get(harness) ?? 0
      planned.set(harness, n + 1)
      const twice = !isReal && n % TWICE_EVERY === 0
      orders.push({ spec, allParams, source: 'sampled', twice, trace: false })
    }
  }
  return { orders, skipped }
}

type Asked = Pick<Cell, 'scenario' | 'params' | 'allParams' | 'isPortable'>

/** Each once, though two names may come to the same. @throws {UsageError} for a parameter that nobody has. */
async function asked(
  { scenarios: names, set, seed }: CampaignPlan,
  house: House,
): Promise<Asked[]> {
  const found = new Map<string, Asked>()
  const settable = new Set<string>()
  for (const name of names) {
    const { scenario, params: own } = parseScenario(name)
    const entry = await house.scenario(scenario)
    paramsOf(scenario, entry, own)
    const { isPortable } = entry
    for (const param of Object.keys(entry.params)) settable.add(param)
    const params = changedParams(scenario, entry, { ...set, ...own })
    const allParams = paramsOf(scenario, entry, params)
    // What is wrong with a scenario is wrong with its first case, mostly: told before anything is run.
    await instanceFor({ scenario, params, seed, instance: 0 }, house)
    found.set(JSON.stringify([scenario, params]), { scenario, params, allParams, isPortable })
  }
  for (const name of Object.keys(set)) {
    if (!settable.has(name))
      throw new UsageError(
        `--set ${name}: no scenario here has it. Nearest: ${nearest(name, settable)}. They have: ${[...settable].sort().join(', ')}`,
      )
  }
  return [...found.values()]
}

interface Cell extends Pick<RunSpec, 'scenario' | 'params' | 'instance' | 'trial' | 'profile'> {
  /** With the defaults. */
  readonly allParams: Readonly<Record<string, number>>
  readonly isPortable: boolean
  /** Instances under this profile. */
  readonly count: number
}

/** Those of the shard. A cell's harnesses stay together: they are compared with one another. */
function* cells(
  { instances, trials, shard: [index, of] }: CampaignPlan,
  scenarios: readonly Asked[],
  profiles: ReadonlyMap<string, number>,
): Generator<Cell> {
  let n = 0
  for (let instance = 0; instance < instances; instance++) {
    for (let trial = 0; trial < trials; trial++) {
      for (const entry of scenarios) {
        for (const [profile, count] of profiles) {
          if (instance >= count) continue
          if (n++ % of === index) yield { ...entry, instance, trial, profile, count }
        }
      }
    }
  }
}

async function kindsOf(ids: readonly string[], house: House): Promise<Map<string, boolean>> {
  const kinds = new Map<string, boolean>()
  for (const id of ids) kinds.set(id, (await house.harness(id)).kind === 'adapter')
  return kinds
}

export const idOf = ({ spec }: Order): string => formatRunId(spec)
