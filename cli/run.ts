// enosys run: a campaign, its journal, its reports and its exit code.
import { join } from 'node:path'
import { gate } from '../reports/gate.ts'
import type { RunRecord } from '../reports/record.ts'
import { UsageError } from '../sim/core/assert.ts'
import { nearest } from '../sim/cpu/index.ts'
import { type Host, openHost } from '../sim/host/index.ts'
import { installed } from '../sim/host/install.ts'
import { openJournal } from '../sim/host/journal.ts'
import { cores } from '../sim/host/pool.ts'
import { campaign, workers } from '../testbed/campaign.ts'
import { confirm } from '../testbed/confirm.ts'
import { canonical, type House, openHouse, splitHarnesses } from '../testbed/house.ts'
import { type CampaignPlan, idOf, planned } from '../testbed/plan.ts'
import { parseSet } from '../testbed/run-id.ts'
import { type Suite, suiteOf } from '../testbed/suite.ts'
import { checkFiles } from '../testbed/user-files.ts'
import { pricesOf } from '../testbed/user-prices.ts'
import { harnessesOf, profilesOf } from './choice.ts'
import { progress } from './progress.ts'
import { reportOn, writeReports, writersOf } from './reports.ts'
import { readRuns } from './runs.ts'

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
  const profiles = await profilesOf(options.profile ?? suite.profiles.join(','), house)
  return {
    scenarios: suite.scenarios,
    set: { ...parseSet(options.set ?? ''), ...window, ...absolute },
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

/** What is known already, from the journal; a torn line is said and kept. */
function knownRuns(path: string, resume: boolean): RunRecord[] {
  if (!resume) return []
  const { records, torn } = readRuns(path)
  for (const line of torn)
    process.stderr.write(`enosys: ${path}:${line}: a torn line, kept; its run is run again\n`)
  return records
}

/** @throws {UsageError} for a gate on what is not in the campaign: found before it, not after. */
function gatesOf({ gate: asked }: RunOptions, host: Host, { harnesses }: CampaignPlan): string[] {
  const gates = splitHarnesses(asked ?? '').map((id) => canonical(host, id))
  for (const id of gates) {
    if (!harnesses.includes(id))
      throw new UsageError(
        `--gate ${id}: does not run here. Nearest: ${nearest(id, harnesses)}. These run: ${harnesses.join(', ')}`,
      )
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
  const gates = gatesOf(options, host, plan)
  const count = options.workers ?? cores()
  await checkFiles(plan.harnesses, host)
  const path = join(options.out, 'runs.ndjson')
  const records = knownRuns(path, options.resume ?? false)
  const journal = openJournal(path, options.resume ?? false)
  const known = new Set(records.map(({ id }) => id))
  const pool = workers(count, join(host.root, 'testbed', 'worker.js'))
  process.once('SIGINT', () => {
    process.stderr.write(
      `\nenosys: ended; what ran is in ${path}. Go on: the same command with --resume\n`,
    )
    process.exit(130)
  })
  const ids = [...runs.orders.map(idOf), ...runs.skipped.map(({ id }) => id)]
  const bar = progress(suite.name, ids.filter((id) => !known.has(id)).length)
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
    bar.stop()
    await pool.close()
  }
}
