// enosys sweep: one parameter of a scenario, from end to end, as a table and as a picture.
import { join } from 'node:path'
import { svgOf } from '../reports/chart.ts'
import { command } from '../reports/command.ts'
import { type Curve, curve, curveBlocks, type Point, said } from '../reports/curve.ts'
import { visible } from '../reports/escape.ts'
import { type Fall, fallOf } from '../reports/fall.ts'
import { plural } from '../reports/format.ts'
import { clipped } from '../reports/layout.ts'
import type { Metric } from '../reports/metric.ts'
import type { RunRecord } from '../reports/record.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import { UsageError } from '../sim/core/assert.ts'
import { nearest } from '../sim/cpu/index.ts'
import { openHost } from '../sim/host/index.ts'
import { type Journal, writeText } from '../sim/host/journal.ts'
import { cores } from '../sim/host/pool.ts'
import { campaign, workers } from '../testbed/campaign.ts'
import { unknownEntry } from '../testbed/catalog.ts'
import { plainly } from '../testbed/generic.ts'
import { type House, openHouse } from '../testbed/house.ts'
import { type Over, overOf } from '../testbed/over.ts'
import { checkSize, type Planned, planned } from '../testbed/plan.ts'
import { parseSet } from '../testbed/run-id.ts'
import { checkHarnesses } from '../testbed/user-files.ts'
import { harnessesOf, profilesOf } from './choice.ts'
import { onInterrupt } from './interrupt.ts'
import { openOut } from './out.ts'
import { progress } from './progress.ts'
import { controlsOf } from './reports.ts'

interface SweepOptions {
  over: string
  steps: number
  metric: string
  harness?: string
  profile: string
  set?: string
  instances: number
  seed: number
  controls: boolean
  workers?: number
  out: string
  json?: boolean
}

const SOLVED = 'solved'

function metricOf(house: House, id: string): readonly [string, Metric] | undefined {
  if (id === SOLVED) return undefined
  const found = house.metrics.get(id)
  if (found !== undefined) return [id, found]
  const ids = [SOLVED, ...house.metrics.keys()]
  throw new UsageError(
    `--metric: no metric '${id}'. Nearest: ${nearest(id, ids)}. All: enosys list metrics`,
  )
}

interface Sweep {
  readonly scenario: string
  readonly over: Over
  readonly harnesses: readonly string[]
  readonly profiles: readonly string[]
}

/** All values on the same instances: what differs between them is the parameter. */
async function plansOf(of: Sweep, options: SweepOptions, house: House): Promise<Planned> {
  const { scenario, over, harnesses, profiles } = of
  const { instances, seed } = options
  const set = parseSet(options.set ?? '')
  if (over.parameter in set)
    throw new UsageError(`--set ${over.parameter}: that is what --over goes over`)
  const plans: Planned[] = []
  const runs = over.values.length * harnesses.length * profiles.length * instances
  checkSize(runs, 'fewer --steps or --instances')
  for (const value of over.values) {
    const plan = {
      scenarios: [scenario],
      set: { ...set, [over.parameter]: value },
      harnesses,
      profiles,
      instances,
      trials: 1,
      seed,
      controlInstances: 0,
      realInstances: instances,
      swarm: false,
      shard: [0, 1] as const,
    }
    plans.push(await planned(plan, house))
  }
  return {
    orders: plans.flatMap(({ orders }) => orders),
    skipped: plans.flatMap(({ skipped }) => skipped),
  }
}

async function ran(
  plan: Planned,
  options: SweepOptions,
  of: {
    readonly name: string
    readonly path: string
    readonly journal: Journal
    readonly script: string
  },
): Promise<RunRecord[]> {
  const { journal } = of
  const records: RunRecord[] = []
  const pool = workers(options.workers ?? cores(), of.script)
  const done = onInterrupt(`what ran is in ${of.path}; a sweep begins anew`)
  const bar = progress(of.name, plan.orders.length + plan.skipped.length)
  const onRecord = (record: RunRecord): void => {
    journal.append(record)
    records.push({ ...record, decisions: [] })
    bar.tick(record)
  }
  try {
    await campaign({ plan, pool, known: new Set(), onRecord })
  } finally {
    done()
    bar.stop()
    await pool.close()
  }
  return records
}

function printed({ of, fall }: Told, metric: string): string {
  const width = Math.min(process.stdout.columns ?? 100, 100)
  const blocks = curveBlocks(of, width - 2).map(({ heads, rows }) =>
    [...heads, ...rows].map((line) => `  ${line}`).join('\n'),
  )
  const isBounded = of.points.some(({ interval }) => interval !== null)
  const what = `${metric === SOLVED ? 'share solved' : of.title} by ${of.parameter}`
  const head = `${of.scenario}, profile ${of.profile}: ${what}${isBounded ? ', with 95 % intervals' : ''}`
  const next = fall === undefined ? '' : `\n${fallen(fall, of)}\n`
  return `${visible(head)}\n${blocks.join('\n\n')}\n${next}`
}

const NAME_WIDTH = 34

/** What falls where, and the line that replays a run of it. */
function fallen({ from, to, run, isNew }: Fall, { isShare, better }: Curve): string {
  const value = (of: Point): string => said({ value: of.value, interval: null }, isShare)
  const what =
    from === null
      ? `fails at ${to.at}`
      : `${better === 'more' ? 'falls' : 'rises'} from ${value(from)} at ${from.at} to ${value(to)} at ${to.at}`
  const same = isNew ? ': a case that passed before' : ''
  return `  ${clipped(visible(to.harness), NAME_WIDTH)} ${what}${same}\n  ${visible(command('replay', run.id))}`
}

const UNSAFE = /[^A-Za-z0-9.-]+/g

export default async function sweep(scenario: string, options: SweepOptions): Promise<number> {
  const host = openHost()
  const house = await openHouse(host)
  const ids = await house.catalog.ids('scenario')
  if (!ids.includes(plainly(scenario))) unknownEntry('scenario', scenario, ids)
  const entry = await house.scenario(scenario)
  const over = overOf(options.over, scenario, entry, options.steps)
  const metric = metricOf(house, options.metric)
  const harnesses = await harnessesOf(options, house)
  const profiles = await profilesOf(options.profile, house)
  const plan = await plansOf({ scenario, over, harnesses, profiles }, options, house)
  await checkHarnesses(harnesses, house)
  const name = `sweep-${scenario}-${over.parameter}`.replaceAll(UNSAFE, '-')
  const fileOf = (profile: string): string => {
    const suffix = profiles.length === 1 ? '' : `-${profile.replaceAll(UNSAFE, '-')}`
    return `${name}-${options.metric}${suffix}.svg`
  }
  const out = openOut(options.out, { journal: `${name}.ndjson`, beside: profiles.map(fileOf) })
  try {
    const script = join(host.root, 'testbed', 'worker.js')
    const records = await ran(plan, options, {
      name: `sweep ${scenario}`,
      path: out.path,
      journal: out.begin(),
      script,
    })
    const asked = { scenario, entry, over, harnesses, profiles, metric }
    const curves = curvesOf(asked, records, await controlsOf(house))
    if (curves.every(({ of: { points } }) => points.every(({ value }) => value === null)))
      throw new UsageError(`--metric ${options.metric}: no run of ${scenario} says anything of it`)
    const pictures = curves.map(({ of }) => join(options.out, fileOf(of.profile)))
    for (const [i, picture] of pictures.entries()) {
      const one = curves[i]
      if (one !== undefined) writeText(picture, await svgOf(one.of))
    }
    return show(curves, records, options, { runs: out.path, pictures })
  } finally {
    out.release()
  }
}

interface Drawn extends Sweep {
  readonly entry: Scenario
  readonly metric: readonly [string, Metric] | undefined
}

interface Told {
  readonly of: Curve
  readonly fall: Fall | undefined
}

/** One a profile. */
function curvesOf(
  { scenario, entry, over, harnesses, profiles, metric }: Drawn,
  records: readonly RunRecord[],
  controls: ReadonlySet<string>,
): Told[] {
  const { parameter } = over
  const usual = entry.params[parameter]?.default ?? 0
  const atOf = ({ params }: RunRecord): number => params[parameter] ?? usual
  return profiles.map((profile) => {
    const runs = records.filter((record) => record.profile === profile)
    const of = curve(runs, {
      scenario,
      parameter,
      profile,
      harnesses,
      controls,
      values: over.values,
      ...(metric === undefined ? {} : { metric }),
      atOf,
    })
    return { of, fall: fallOf(of, runs, atOf) }
  })
}

function show(
  curves: readonly Told[],
  records: readonly RunRecord[],
  options: SweepOptions,
  written: { readonly runs: string; readonly pictures: readonly string[] },
): number {
  const errors = records.filter(({ verdict }) => verdict === 'error').length
  const counts = [
    plural(records.length, 'run'),
    `${plural(options.instances, 'instance')} a point`,
    plural(errors, 'error'),
  ]
  if (options.json === true) process.stdout.write(`${JSON.stringify(curves.map(({ of }) => of))}\n`)
  else {
    const tables = curves.map((one) => printed(one, options.metric)).join('\n')
    const files = [
      ...written.pictures.map((path) => `picture  ${path}`),
      `runs     ${written.runs}`,
    ]
    process.stdout.write(`\n${tables}\n${counts.join(', ')}\n${files.join('\n')}\n`)
  }
  return errors > 0 ? 70 : 0
}
