// What a campaign costs: memory as runs go by, in one process; runs a second by scenario; and how long the
// command line takes to say what there is.
// By itself: node dist/bench/campaign.js
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { openHost } from '../sim/host/index.ts'
import { type House, openHouse } from '../testbed/house.ts'
import { run } from '../testbed/run.ts'
import { isMain, median, type Row } from './measure.ts'

/** Runs after which memory is looked at first; again after four times as many. */
const RUNS = 400
const RATED = 60
const LISTS = 7
const CLI = fileURLToPath(new URL('../cli/main.js', import.meta.url))

async function runs(scenarios: readonly string[], from: number, to: number, house: House) {
  for (let i = from; i < to; i++) {
    const scenario = scenarios[i % scenarios.length] ?? ''
    const of = { scenario, params: {}, trial: 0, seed: 1, harness: 'loop', profile: 'typical' }
    await run({ ...of, instance: i }, 'sampled', house)
  }
}

/** MB of the heap that are in use when all that can be freed is freed. */
function heapMb(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().heapUsed / 1e6
}

async function memory(scenarios: readonly string[], house: House): Promise<Row> {
  const heaps: number[] = []
  await runs(scenarios, 0, RUNS, house)
  heaps.push(heapMb())
  await runs(scenarios, RUNS, 4 * RUNS, house)
  heaps.push(heapMb())
  const [few = Number.NaN, many = Number.NaN] = heaps
  return {
    what: `heap after ${4 * RUNS} runs in one process, against after ${RUNS}`,
    measured: many / few,
    goal: 1.2,
    atLeast: false,
    unit: 'times',
    detail: `${many.toFixed(0)} MB against ${few.toFixed(0)} MB`,
  }
}

/** How many runs a second, one after the other, by scenario: no goal, to see which is slow. */
async function rates(scenarios: readonly string[], house: House): Promise<Map<string, number>> {
  const found = new Map<string, number>()
  for (const scenario of scenarios) {
    await runs([scenario], 0, RATED >> 1, house)
    const begun = performance.now()
    await runs([scenario], RATED, 2 * RATED, house)
    found.set(scenario, (1000 * RATED) / (performance.now() - begun))
  }
  return found
}

function list(): Row {
  const times: number[] = []
  for (let i = 0; i < LISTS; i++) {
    const begun = performance.now()
    const { status } = spawnSync(process.execPath, [CLI, 'list'])
    if (status !== 0) throw new Error(`enosys list ended with ${status}`)
    times.push((performance.now() - begun) / 1000)
  }
  const detail = `${Math.min(...times).toFixed(2)} to ${Math.max(...times).toFixed(2)} s`
  const what = 'enosys list, cold'
  return { what, measured: median(times), goal: 0.4, atLeast: false, unit: 's', detail }
}

export interface Campaign {
  readonly rows: readonly Row[]
  /** Runs a second, by scenario. */
  readonly rates: ReadonlyMap<string, number>
}

export async function campaign(): Promise<Campaign> {
  const house = await openHouse(openHost())
  const scenarios = await house.catalog.ids('scenario')
  return {
    rows: [list(), await memory(scenarios, house)],
    rates: await rates(scenarios, house),
  }
}

if (isMain(import.meta.url)) console.log(await campaign())
