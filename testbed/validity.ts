// Published contrasts between designs of harnesses on real models, run here: whether they come out with the same
// sign and in the same order. No figure of a contrast was fitted, where the data does not say so; misses stay.
import { z } from 'zod'
import { bootstrap, type Interval, shareInterval } from '../reports/stats/bootstrap.ts'
import { holm } from '../reports/stats/holm.ts'
import { signFlip } from '../reports/stats/sign-flip.ts'
import { average, groupBy } from '../reports/units.ts'
import { assert, UsageError } from '../sim/core/assert.ts'
import type { Workers } from './campaign.ts'
import { type Published, rowsOf } from './published.ts'
import { formatRunId, type RunSpec } from './run-id.ts'
import { measureNamed } from './validity-measures.ts'

const params = z.record(z.string(), z.number()).default({})

const arm = z.strictObject({
  harness: z.string(),
  /** Over those of the case. */
  params,
  /** Instead of the contrast's. */
  measure: z.string().optional(),
  /** The published row, where it is worded otherwise than `contrast; arm`. */
  row: z.strictObject({ condition: z.string(), metric: z.string() }).optional(),
})

const contrast = z.strictObject({
  id: z.string(),
  /** What was found on real models, one sentence. */
  found: z.string(),
  /** What is run here, and how far it is the same. */
  here: z.string(),
  table: z.string().default('contrasts'),
  measure: z.string(),
  instances: z.int().min(2),
  cases: z.array(z.strictObject({ scenario: z.string(), params })).min(1),
  /** The model of the published figure, and the profile that is nearest to it. */
  models: z.array(z.strictObject({ model: z.string(), profile: z.string() })).min(1),
  arms: z.record(z.string(), arm),
  /** Arms whose published figures are compared: the sign is theirs. */
  compare: z.array(z.tuple([z.string(), z.string()])).min(1),
  /** What of the simulated model comes from the same measurement, or puts the effect in by hand. */
  builtIn: z
    .strictObject({
      says: z.string(),
      /** The comparisons that are no test for it; all where none is named. */
      compare: z.array(z.tuple([z.string(), z.string()])).optional(),
    })
    .optional(),
  /** The outcome when `why` was written: where it is another now, the page says so. */
  outcome: z.string(),
  why: z.string(),
})

const contrasts = z.strictObject({ seed: z.int(), contrasts: z.array(contrast).min(1) })

export type Contrast = z.infer<typeof contrast>
export type Contrasts = z.infer<typeof contrasts>
export type Model = Contrast['models'][number]

/** @throws {UsageError} that says where the data is not as it has to be. */
export function contrastsOf(data: unknown, where: string): Contrasts {
  const parsed = contrasts.safeParse(data)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new UsageError(`${where}: ${issue?.path.join('.')}: ${issue?.message}`)
  }
  for (const { id, arms, compare } of parsed.data.contrasts)
    for (const name of compare.flat())
      if (!(name in arms)) throw new UsageError(`${where}: ${id}: compares '${name}', no arm of it`)
  return parsed.data
}

/** Undefined where nothing is published of an arm. */
export function publishedOf(
  published: Published,
  { id, table, arms }: Contrast,
  { model }: Model,
  name: string,
): number | undefined {
  const { condition = `${id}; ${name}`, metric } = arms[name]?.row ?? {}
  return rowsOf(published, table, model).find(
    (row) => row.condition === condition && (metric === undefined || row.metric === metric),
  )?.value
}

/** An arm under one model: a number by instance, and the digest of each run. */
export interface Sample {
  readonly values: ReadonlyMap<string, number>
  readonly digests: ReadonlyMap<string, string>
}

/** By model, then by arm. */
export type Samples = ReadonlyMap<string, ReadonlyMap<string, Sample>>

/** Whether a comparison says nothing of the simulated model, as the effect was put into it. */
export const isBuiltIn = ({ builtIn }: Contrast, { a, b }: Pick<Compared, 'a' | 'b'>): boolean =>
  builtIn !== undefined && (builtIn.compare?.some(([x, y]) => x === a && y === b) ?? true)

export type Reading = 'holds' | 'misses' | 'not told apart' | 'cannot be seen'

export interface Compared {
  readonly a: string
  readonly b: string
  /** a less b, as published. */
  readonly published: number
  /** a less b over the same instances, in [-1, 1]; null where none says anything of both. */
  readonly simulated: number | null
  readonly interval: Interval | null
  readonly instances: number
  /** Of the sign-flip test, after Holm's correction within the contrast; null where no difference is claimed. */
  readonly p: number | null
  readonly reading: Reading
}

const LEVEL = 0.05
/** Where the published figures are the same, a difference within this is none. */
const SAME = 0.1

const NOTHING: Sample = { values: new Map(), digests: new Map() }

interface Paired {
  readonly differences: readonly number[]
  /** Every run of the one is, event by event, a run of the other. */
  readonly isSame: boolean
}

function paired(a: Sample, b: Sample): Paired {
  const differences: number[] = []
  for (const [key, value] of a.values) {
    const other = b.values.get(key)
    if (other !== undefined) differences.push(value - other)
  }
  const isSame =
    differences.length > 0 &&
    differences.every((difference) => difference === 0) &&
    [...a.digests].every(([key, digest]) => b.digests.get(key) === digest)
  return { differences, isSame }
}

/** Of two that are published as the same. */
function flat(interval: Interval | null): Reading {
  if (interval === null) return 'not told apart'
  if (interval.low > -SAME && interval.high < SAME) return 'holds'
  return interval.low > SAME || interval.high < -SAME ? 'misses' : 'not told apart'
}

/** The comparisons of a contrast under one model. */
export function compared(
  of: Contrast,
  model: Model,
  published: Published,
  arms: ReadonlyMap<string, Sample>,
): Compared[] {
  const all = of.compare.map(([a, b]) => {
    const [x, y] = [a, b].map((name) => publishedOf(published, of, model, name))
    assert(
      x !== undefined && y !== undefined,
      `${of.id}: ${model.model}: no figure of ${a} or ${b}`,
    )
    const pair = paired(arms.get(a) ?? NOTHING, arms.get(b) ?? NOTHING)
    const key = `validity ${of.id} ${model.model} ${a} ${b}`
    const { differences } = pair
    return { a, b, ...pair, published: x - y, key, p: signFlip(differences, key).p }
  })
  const ps = holm(all.filter((one) => one.published !== 0).map(({ p }) => p))
  return all.map(({ a, b, differences, isSame, published: sign, key }) => {
    const simulated = average(differences)
    const interval = bootstrap(differences, key)
    const p = sign === 0 ? null : (ps.shift() ?? 1)
    const known = { a, b, published: sign, simulated, interval, instances: differences.length, p }
    return { ...known, reading: isSame ? 'cannot be seen' : readingOf(known) }
  })
}

function readingOf({ published, simulated, interval, p }: Omit<Compared, 'reading'>): Reading {
  if (p === null) return flat(interval)
  if (p >= LEVEL || simulated === null) return 'not told apart'
  return simulated > 0 === published > 0 ? 'holds' : 'misses'
}

/** What all comparisons of a contrast come to, in a few words. */
export function outcomeOf(all: readonly Compared[]): string {
  const [only] = all
  if (only !== undefined && all.every(({ reading }) => reading === only.reading))
    if (all.length === 1 || only.reading !== 'holds')
      return only.reading === 'holds' ? 'sign holds' : only.reading
  const count = (of: Reading): number => all.filter(({ reading }) => reading === of).length
  const rest = (['misses', 'not told apart', 'cannot be seen'] as const).flatMap((name) =>
    count(name) === 0 ? [] : [`${count(name)} ${name === 'misses' ? 'missed' : name}`],
  )
  return [`order holds in ${count('holds')} of ${all.length}`, ...rest].join(', ')
}

/** The mean of an arm, with its 95 % interval. */
export function told(
  { values }: Sample,
  key: string,
): { mean: number | null; of: Interval | null } {
  const all = [...values.values()]
  return { mean: average(all), of: shareInterval(all, key) }
}

interface Asked {
  readonly spec: RunSpec
  /** Of its case: what arms are paired by. */
  readonly key: string
  readonly model: string
  readonly arm: string
  readonly measure: string
}

/** Every run of a contrast. */
export function runsOf(of: Contrast, seed: number): Asked[] {
  return of.models.flatMap(({ model, profile }) =>
    Object.entries(of.arms).flatMap(([name, { harness, params: own, measure }]) =>
      of.cases.flatMap(({ scenario, params: usual }, i) =>
        Array.from({ length: of.instances }, (_, instance): Asked => {
          const set = { ...usual, ...own }
          const spec = { scenario, params: set, instance, trial: 0, harness, profile, seed }
          const key = `${i} ${instance}`
          return { spec, key, model, arm: name, measure: measure ?? of.measure }
        }),
      ),
    ),
  )
}

interface Measured {
  readonly digest: string
  /** By measure. */
  readonly values: ReadonlyMap<string, number | null>
}

/** Runs a contrast; what several arms are measured on is run once. `ended` is told of each run. */
export async function sampled(
  of: Contrast,
  seed: number,
  pool: Workers,
  ended: () => void,
): Promise<Samples> {
  const all = runsOf(of, seed)
  const byRun = groupBy(all, ({ spec }) => formatRunId(spec))
  const orders = [...byRun.values()].flatMap((asked) => {
    const trace = asked.some(({ measure }) => measureNamed(measure).looks)
    const order = { source: 'sampled' as const, twice: false, trace }
    return asked.slice(0, 1).map(({ spec }) => ({ ...order, spec }))
  })
  const found = new Map<string, Measured>()
  await pool.run(orders, {
    done({ spec }, { record, ...seen }) {
      const { id, verdict, reason, digest } = record
      assert(verdict !== 'error' && verdict !== 'skip', `${id}: ${verdict}: ${reason}`)
      const run = formatRunId(spec)
      const measures = new Set(byRun.get(run)?.map(({ measure }) => measure))
      const values = [...measures].map(
        (name) => [name, measureNamed(name).of({ record, ...seen })] as const,
      )
      found.set(run, { digest, values: new Map(values) })
      ended()
    },
    lost({ spec }, loss) {
      throw new Error(`${formatRunId(spec)}: ${loss}`)
    },
  })
  return collected(all, found)
}

function collected(all: readonly Asked[], found: ReadonlyMap<string, Measured>): Samples {
  const byModel = groupBy(all, ({ model }) => model)
  const samples = [...byModel].map(([model, own]) => {
    const arms = [...groupBy(own, ({ arm }) => arm)].map(([name, runs]) => {
      const values = new Map<string, number>()
      const digests = new Map<string, string>()
      for (const { spec, key, measure } of runs) {
        const run = found.get(formatRunId(spec))
        if (run !== undefined) digests.set(key, run.digest)
        const value = run?.values.get(measure) ?? null
        if (value !== null) values.set(key, value)
      }
      return [name, { values, digests }] as const
    })
    return [model, new Map(arms)] as const
  })
  return new Map(samples)
}
