// Calibration: experiments run through the machine with their reference kernels, and what came of them
// beside what was published of the model that a profile is like.
import { resamples } from '../reports/stats/resample.ts'
import type { Drawn } from '../scenarios/scenario.ts'
import { UsageError } from '../sim/core/assert.ts'
import { type Decision, sampled, sixDigits } from '../sim/core/chance.ts'
import { draw } from '../sim/core/draw.ts'
import { Trace } from '../sim/core/trace.ts'
import { nearest, type Profile } from '../sim/cpu/index.ts'
import { drive } from '../sim/host/drive.ts'
import type { Instance } from '../sim/index.ts'
import { Simulation } from '../sim/machine.ts'
import { type Domains, difficultyOf, readDomains } from './domains.ts'
import { evenly } from './draws/evenly.ts'
import { type Pages, pagesOf } from './draws/pages.ts'
import type { Experiment, Observed, Setting, Size, Value } from './experiment.ts'
import type { House } from './house.ts'
import { type Published, readPublished, rowsOf } from './published.ts'

export interface Row {
  readonly experiment: string
  readonly profile: string
  /** As the published table words it, where it has it. */
  readonly condition: string
  readonly metric: string
  readonly simulated: number
  /** Of the 95 % interval, over cases. */
  readonly low: number
  readonly high: number
  /** Absent where no table says it of the model that the profile is like. */
  readonly published?: number
  /** What was counted: calls, questions, cases. */
  readonly n: number
}

/** One experiment at one setting under one profile. */
export interface Cell {
  readonly id: string
  readonly experiment: Experiment
  readonly profile: Profile
  readonly setting: Setting
  readonly size: Size
}

export interface CellsOptions {
  readonly experiments: ReadonlyMap<string, Experiment>
  readonly profiles: readonly Profile[]
  readonly published: Published
  /** Values by option, as the command gives them: every combination is run. */
  readonly asked?: Readonly<Record<string, readonly Value[]>>
  /** Cases, instead of each experiment's own number. */
  readonly instances?: number
  /** A tenth of the cases. */
  readonly quick?: boolean
}

/** Cases with which an experiment is quick. */
const QUICK_SHARE = 10
const QUICK_LEAST = 12

const sizeOf = ({ instances, trials }: Size, of: CellsOptions): Size => {
  const few = Math.max(Math.min(QUICK_LEAST, instances), Math.round(instances / QUICK_SHARE))
  return { instances: of.instances ?? (of.quick === true ? few : instances), trials }
}

/** Every combination of what was asked for and, for the rest, of what is usual. */
function combined(
  { options }: Experiment,
  asked: Readonly<Record<string, readonly Value[]>>,
  profile: Profile,
): Setting[] {
  let settings: Setting[] = [{}]
  for (const [name, option] of Object.entries(options)) {
    settings = settings.flatMap((at) =>
      (asked[name] ?? option.usual(at, profile)).map((value) => ({ ...at, [name]: value })),
    )
  }
  return settings
}

/** The experiments that have this option are asked; the others run as published. */
const askedOf = (
  { options }: Experiment,
  asked: CellsOptions['asked'] = {},
): Record<string, readonly Value[]> =>
  Object.fromEntries(Object.entries(asked).filter(([name]) => name in options))

/** What a table says of the model that a profile is like. @throws {UsageError} for a model it has not. */
function knownRows(published: Published, { name, like }: Profile, table: string) {
  const model = like[table]
  const rows = rowsOf(published, table, model)
  if (model === undefined || rows.length > 0) return rows
  const models = new Set(published.get(table)?.rows.map((row) => row.model))
  throw new UsageError(
    `${name}: like.${table}: no model '${model}'. Nearest: ${nearest(model, models)}`,
  )
}

/**
 * What is to be run, and what is left out with its reason. Without values asked for: the settings that the
 * tables have of the model, else the usual ones.
 * @throws {UsageError} for a condition that was asked for and does not fit the model's window.
 */
export function cells(of: CellsOptions): { cells: Cell[]; notes: string[] } {
  const found: Cell[] = []
  const notes = new Set<string>()
  for (const profile of of.profiles) {
    for (const [id, experiment] of of.experiments) {
      const asked = askedOf(experiment, of.asked)
      const isAsked = Object.keys(asked).length > 0
      const rows = experiment.tables.flatMap((table) => knownRows(of.published, profile, table))
      const known = isAsked ? [] : experiment.published(rows)
      for (const setting of known.length > 0 ? known : combined(experiment, asked, profile)) {
        const problem = experiment.problem?.(setting)
        if (problem !== undefined) throw new UsageError(problem)
        const needs = experiment.needs?.(setting)
        const room = profile.window.native
        if (needs !== undefined && needs.tokens > room) {
          const why = `window of ${profile.name} is ${room} tokens: ${needs.what} does not fit`
          if (isAsked) throw new UsageError(why)
          notes.add(`${id}: ${why}`)
          continue
        }
        const size = sizeOf(experiment.size(setting), of)
        found.push({ id, experiment, profile, setting, size })
      }
    }
  }
  return { cells: found, notes: [...notes] }
}

export interface Lab {
  readonly house: House
  readonly published: Published
  readonly domains: Domains
  readonly seed: number
  readonly pages: Pages
  /** Told of every run. */
  readonly onRun?: () => void
}

/** With the tables that these experiments are compared with; with all, where none are named. */
export async function openLab(
  house: House,
  seed: number,
  experiments?: Iterable<Experiment>,
): Promise<Lab> {
  const { host } = house
  const pages = pagesOf(draw(`${seed}|pages`), house.tokens)
  const [published, domains] = await Promise.all([
    readPublished(host, experiments && new Set([...experiments].flatMap(({ tables }) => tables))),
    readDomains(host),
  ])
  return { house, seed, pages, published, domains }
}

/** The machine ends a run past these; far above what any experiment needs. */
const BOUNDS = { events: 50_000, virtualMs: 7 * 24 * 3_600_000 }
const TROUBLE_TURNS = 500

/** A case: its world and its difficulty depend on the seed and its number, never on the profile. */
function instanceOf(
  lab: Lab,
  { id, experiment, setting }: Cell,
  drawn: Drawn,
  z: number,
): Instance {
  const difficulty = sixDigits(difficultyOf(lab.domains, experiment.domain?.(setting) ?? id, z))
  const troubleTurns = TROUBLE_TURNS
  return { ...drawn, scenario: `experiment/${id}`, params: {}, troubleTurns, difficulty }
}

/** The house without the faults that are no part of the experiment, and the profile with those that are. */
function conditions({ house }: Lab, { experiment, setting, profile }: Cell) {
  const own = experiment.faults?.(setting) ?? {}
  const faults = new Map([...house.faults].filter(([id]) => id in own))
  const params = Object.fromEntries(
    Object.entries(own).map(([id, set]) => [id, { ...profile.faults[id], ...set }]),
  )
  return { house: { ...house, faults }, profile: { ...profile, faults: params } }
}

/** One run of a case. */
export async function observed(lab: Lab, cell: Cell, n: number, trial: number): Promise<Observed> {
  const { id, experiment, setting, profile } = cell
  const { pages, house } = lab
  const key = `${lab.seed}|${id}|${n}`
  const given = { profile, pages, tokens: house.tokens, trial }
  const drawn = experiment.draw(draw(key), setting, given)
  const z = evenly(n, draw(`${lab.seed}|${id}|difficulty`).next())
  const instance = instanceOf(lab, cell, drawn, z)
  const trace = new Trace()
  const record = (decision: Decision): void =>
    trace.add({ kind: 'decision', at: simulation.now, ...decision })
  const simulation = new Simulation({
    ...conditions(lab, cell),
    instance,
    chance: sampled(`${key}|${trial}`, record),
    trace,
    bounds: BOUNDS,
  })
  simulation.start(() => experiment.kernel(setting, drawn))
  await drive(simulation, { isForeign: false })
  const after = simulation.world.data()
  const seen = { instance, trace: trace.events, after }
  return drawn.offered === undefined ? seen : { ...seen, offered: drawn.offered }
}

/** Runs a cell, and measures. The same lab, cell and seed: the same rows. */
export async function simulate(lab: Lab, cell: Cell): Promise<Row[]> {
  const { id, experiment, profile, setting, size } = cell
  const seen: unknown[][] = []
  for (let n = 0; n < size.instances; n++) {
    const trials: unknown[] = []
    for (let trial = 0; trial < size.trials; trial++) {
      const run = await observed(lab, cell, n, trial)
      trials.push(experiment.observe(run, setting))
      lab.onRun?.()
    }
    seen.push(trials)
  }
  const drawn = resamples(size.instances, `${lab.seed}|${id}`)
  return experiment.measure(seen, setting).map(({ condition, metric, simulated, n, interval }) => {
    const { low, high } = interval(drawn)
    const published = publishedOf(lab.published, cell, condition, metric)
    const [value, from, to] = [simulated, low, high].map(sixDigits) as [number, number, number]
    const row = { experiment: id, profile: profile.name, condition, metric, simulated: value }
    return { ...row, low: from, high: to, ...(published === undefined ? {} : { published }), n }
  })
}

function publishedOf(
  published: Published,
  { experiment, profile }: Cell,
  condition: string,
  metric: string,
): number | undefined {
  for (const table of experiment.tables) {
    const row = rowsOf(published, table, profile.like[table]).find(
      (one) => one.condition === condition && one.metric === metric,
    )
    if (row !== undefined) return row.value
  }
  return undefined
}

/** What two settings differ in, in words; '' where only in what is told of the same runs. */
function differenceOf({ experiment, setting }: Cell, before: Setting): string {
  return Object.entries(setting)
    .filter(([name, value]) => before[name] !== value && !experiment.options[name]?.isReading)
    .map(([name, value]) => `, ${name} ${value}`)
    .join('')
}

/**
 * All cells, one after the other. Where settings that differ are worded alike, as in tables that are about
 * one of them each, the later one says in what; what is the same run is told once.
 */
export async function calibrate(lab: Lab, of: readonly Cell[]): Promise<Row[]> {
  const rows: Row[] = []
  const told = new Map<string, Setting>()
  for (const cell of of) {
    for (const row of await simulate(lab, cell)) {
      const key = [row.experiment, row.profile, row.condition, row.metric].join('|')
      const before = told.get(key)
      const difference = before === undefined ? '' : differenceOf(cell, before)
      if (before === undefined) told.set(key, cell.setting)
      if (before === undefined || difference !== '')
        rows.push({ ...row, condition: row.condition + difference })
    }
  }
  return rows
}
