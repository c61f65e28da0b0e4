// enosys run: a campaign, its journal, its reports and its exit code.
import { join } from 'node:path'
import { plural } from '../reports/format.ts'
import { gate } from '../reports/gate.ts'
import type { Prices } from '../reports/prices.ts'
import type { RunRecord } from '../reports/record.ts'
import type { Writer } from '../reports/writer.ts'
import { UsageError } from '../sim/core/assert.ts'
import { nearest } from '../sim/cpu/index.ts'
import { type Host, openHost } from '../sim/host/index.ts'
import { installed } from '../sim/host/install.ts'
import type { Journal } from '../sim/host/journal.ts'
import { cores } from '../sim/host/pool.ts'
import { campaign, workers } from '../testbed/campaign.ts'
import { confirm } from '../testbed/confirm.ts'
import { canonical, type House, openHouse, splitHarnesses } from '../testbed/house.ts'
import { type CampaignPlan, idOf, type Planned, planned } from '../testbed/plan.ts'
import { parseSet } from '../testbed/run-id.ts'
import { type Suite, suiteOf } from '../testbed/suite.ts'
import { checkHarnesses } from '../testbed/user-files.ts'
import { pricesOf } from '../testbed/user-prices.ts'
import { harnessesOf, profilesOf } from './choice.ts'
import { onInterrupt } from './interrupt.ts'
import { openOut } from './out.ts'
import { progress } from './progress.ts'
import { controlsOf, filesOf, reportOn, writeReports, writersOf } from './reports.ts'
import { readRuns, tornLines } from './runs.ts'

interface RunOptions {
  harness?: string
  profile?: string
  set?: string
  instances?: number
  trials?: number
  seed: number
  window?: number
  absolute?: boolean
  swarm?: boolean
  controls: boolean
  real: number
  workers?: number
  shard?: string
  out: string
  resume?: boolean
  format: string
  gate?: string
  prices?: string
  json?: boolean
}

/** Instances of the control without lapses. */
const CONTROL_INSTANCES = 8

const share = (text: string | undefined): readonly [number, number] => {
  if (text === undefined) return [0, 1]
  const match = /^(\d+)\/(\d+)$/.exec(text)
  const [index, of] = [Number(match?.[1]), Number(match?.[2])]
  if (!(index >= 1 && index <= of))
    throw new UsageError(`--shard ${text}: expected i/n with 1 <= i <= n, e.g. 1/4`)
  return [index - 1, of]
}

async function planOf(suite: Suite, options: RunOptions, house: House): Promise<CampaignPlan> {
  const window = options.window === undefined ? {} : { window: options.window }
  const absolute = options.absolute === true ? { absolute: 1 } : {}
  const short = { ...window, ...absolute }
  const set = parseSet(options.set ?? '')
  for (const name of Object.keys(short))
    if (Object.hasOwn(set, name))
      throw new UsageError(`--${name}: is short for --set ${name}=, which is there, too; keep one`)
  const profiles = await profilesOf(options.profile ?? suite.profiles.join(','), house)
  return {
    scenarios: suite.scenarios,
    set: { ...set, ...short },
    harnesses: await harnessesOf(options, house),
    profiles,
    instances: options.instances ?? suite.instances,
    trials: options.trials ?? suite.trials,
    seed: options.seed,
    controlInstances: CONTROL_INSTANCES,
    realInstances: options.real,
    swarm: options.swarm ?? false,
    shard: share(options.shard),
  }
}

/** What is known already, from the journal; torn lines are said and kept. */
function knownRuns(path: string): RunRecord[] {
  const { records, torn } = readRuns(path)
  if (torn.length > 0)
    process.stderr.write(`enosys: ${path}: ${tornLines(torn)} kept; what is missing is run again\n`)
  return records
}

const idsOf = ({ orders, skipped }: Planned): string[] => [
  ...orders.map(idOf),
  ...skipped.map(({ id }) => id),
]

/** What another shard ran belongs to it, too. @throws {UsageError} for runs of another campaign. */
async function checkSame(
  records: readonly RunRecord[],
  path: string,
  of: { readonly plan: CampaignPlan; readonly runs: Planned; readonly house: House },
): Promise<void> {
  const { plan, house } = of
  const whole = plan.shard[1] === 1 ? of.runs : await planned({ ...plan, shard: [0, 1] }, house)
  const ids = new Set(idsOf(whole))
  const others = records.filter(({ id }) => !ids.has(id))
  const [first] = others
  if (first === undefined) return
  const what = plural(others.length, 'run')
  throw new UsageError(
    `--resume: ${path}: has ${what} that this campaign does not ask for, as ${first.id}; the same command as then, or another --out`,
  )
}

/** @throws {UsageError} for a gate that could never close: found before the campaign, not after. */
async function gatesOf(
  { gate: asked }: RunOptions,
  house: House,
  { harnesses }: CampaignPlan,
): Promise<string[]> {
  const gates = splitHarnesses(asked ?? '').map((id) => canonical(house.host, id))
  if (asked !== undefined && gates.length === 0)
    throw new UsageError(`--gate: names none. These run: ${harnesses.join(', ')}`)
  const controls = await controlsOf(house)
  const others = harnesses.filter((id) => !controls.has(id))
  for (const id of gates) {
    if (harnesses.includes(id) && !controls.has(id)) continue
    const why = controls.has(id) ? 'is a control, and controls never gate' : 'does not run here'
    const near = others.length === 0 ? '' : `. Nearest: ${nearest(id, others)}`
    throw new UsageError(`--gate ${id}: ${why}${near}. These can: ${others.join(', ') || 'none'}`)
  }
  return gates
}

/** What a report is made of; the rest is in the journal. So a campaign of any length fits in memory. */
const light = (record: RunRecord): RunRecord => ({
  ...record,
  decisions: record.verdict === 'pass' ? [] : record.decisions.filter(({ p }) => p !== null),
})

async function hints(host: Host, house: House, options: RunOptions): Promise<string[]> {
  if (options.harness !== undefined) return []
  const missing: string[] = []
  for (const id of await house.catalog.ids('adapter')) {
    const found = await house.harness(id)
    if (found.kind === 'adapter' && installed(found.adapter, host.adapters) === undefined)
      missing.push(id)
  }
  return missing.map((id) => `The real ${id} is not in these tables: npx enosys install ${id}`)
}

export default async function run(names: readonly string[], options: RunOptions): Promise<number> {
  const host = openHost()
  const house = await openHouse(host)
  const writers = await writersOf(house, options.format)
  const prices = options.prices === undefined ? undefined : pricesOf(host, options.prices)
  const suite = await suiteOf(house, names)
  const plan = await planOf(suite, options, house)
  const runs = await planned(plan, house)
  const gates = await gatesOf(options, house, plan)
  await checkHarnesses(plan.harnesses, house)
  const out = openOut(options.out, { journal: 'runs.ndjson', beside: filesOf(writers) })
  try {
    let records: RunRecord[] = []
    if (options.resume === true) {
      records = knownRuns(out.path)
      await checkSame(records, out.path, { plan, runs, house })
    }
    const journal = options.resume === true ? out.goOn() : out.begin()
    const of = { house, plan, suite, runs, gates, writers, prices }
    return await carryOut(of, records, { path: out.path, journal, options })
  } finally {
    out.release()
  }
}

interface Asked {
  readonly house: House
  readonly plan: CampaignPlan
  readonly suite: Suite
  readonly runs: Planned
  readonly gates: readonly string[]
  readonly writers: ReadonlyMap<string, Writer>
  readonly prices: Prices | undefined
}

async function carryOut(
  { house, plan, suite, runs, gates, writers, prices }: Asked,
  records: RunRecord[],
  to: { readonly path: string; readonly journal: Journal; readonly options: RunOptions },
): Promise<number> {
  const { host } = house
  const { path, journal, options } = to
  const known = new Set(records.map(({ id }) => id))
  const pool = workers(options.workers ?? cores(), join(host.root, 'testbed', 'worker.js'))
  const done = onInterrupt(`what ran is in ${path}. Go on: the same command with --resume`)
  const bar = progress(suite.name, idsOf(runs).filter((id) => !known.has(id)).length)
  try {
    await campaign({
      plan: runs,
      pool,
      known,
      onRecord(record) {
        journal.append(record)
        records.push(light(record))
        bar.tick(record)
      },
    })
    bar.stop()
    const notes = await hints(host, house, options)
    let report = await reportOn(house, records, { notes, prices })
    const corrected = await confirm(report, records, pool)
    for (const record of corrected.values()) journal.append(record)
    if (corrected.size > 0) {
      const known = records.map((record) => corrected.get(record.id) ?? record)
      report = await reportOn(house, known, { notes, prices })
    }
    const facts = { plan, suite, seconds: bar.seconds(), runs: records.length }
    writeReports(writers, report, { out: options.out, json: options.json ?? false, facts })
    return gate(report, gates)
  } finally {
    done()
    bar.stop()
    await pool.close()
  }
}
