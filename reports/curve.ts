// A curve: what becomes of each harness as one parameter grows. The unit is the instance, as in tables.
import { metricColumn, SOLVED, scaled } from './columns.ts'
import { visible } from './escape.ts'
import { share as shareOf } from './format.ts'
import { type Block, laidOut } from './layout.ts'
import type { Metric } from './metric.ts'
import type { RunRecord } from './record.ts'
import { bootstrap, type Interval, shareInterval } from './stats/bootstrap.ts'
import { average, byInstance, groupBy, isCounted } from './units.ts'
import { asLost } from './unmeasured.ts'
import { isUnmet } from './untested.ts'

export interface Point {
  readonly harness: string
  /** A ceiling or a floor. */
  readonly isControl: boolean
  /** Of the parameter. */
  readonly at: number
  /** Mean over instances; null where no run says anything. */
  readonly value: number | null
  /** 95 %; null where there are fewer than two instances. */
  readonly interval: Interval | null
  readonly instances: number
}

export interface Curve {
  readonly scenario: string
  readonly parameter: string
  readonly profile: string
  /** What is drawn: `solved`, or the title of a metric. */
  readonly title: string
  readonly isShare: boolean
  readonly better: Metric['better']
  /** By harness in the order given, then by value. */
  readonly points: readonly Point[]
}

export interface CurveOptions {
  readonly scenario: string
  readonly parameter: string
  readonly profile: string
  readonly harnesses: readonly string[]
  readonly controls: ReadonlySet<string>
  readonly values: readonly number[]
  /** The share of trials that passed, where nothing is said. */
  readonly metric?: readonly [id: string, metric: Metric]
  /** The parameter of a record, its default where it was not set. */
  readonly atOf: (record: RunRecord) => number
}

export function curve(records: readonly RunRecord[], of: CurveOptions): Curve {
  const { scenario, parameter, profile, harnesses, controls, values, metric, atOf } = of
  const counted = asLost(records.filter(isCounted), new Map(metric === undefined ? [] : [metric]))
  // Where something is placed and nobody comes to it, what it asks was not tested.
  const untestedAt = new Set(
    [...groupBy(counted, atOf)].flatMap(([at, runs]) => (isUnmet(runs, controls) ? [at] : [])),
  )
  const groups = groupBy(counted, (record) => JSON.stringify([record.harness, atOf(record)]))
  const column = metric === undefined ? SOLVED : metricColumn(...metric)
  const isUnit = column.unit === 'share'
  const points = harnesses.flatMap((harness) =>
    values.map((at): Point => {
      const all = groups.get(JSON.stringify([harness, at])) ?? []
      const runs = untestedAt.has(at) ? [] : all
      const means = [...byInstance(runs).values()].flatMap((own) => meanOf(own, metric) ?? [])
      const key = `${scenario} ${parameter}=${at} ${harness} ${column.id}`
      const isBounded = isUnit && means.every((mean) => mean >= 0 && mean <= 1)
      const isControl = controls.has(harness)
      // Nothing is known of how the least of all would spread.
      const isLeast = metric?.[1].cell === 'least' && means.length > 0
      const spread = isBounded ? shareInterval(means, key) : bootstrap(means, key)
      const interval = isLeast ? null : spread
      const value = isLeast ? Math.min(...means) : average(means)
      return { harness, isControl, at, value, interval, instances: means.length }
    }),
  )
  // A share of what was granted, say, may be more than all of it.
  const isShare = isUnit && points.every(({ value }) => value === null || value <= 1)
  const { title, better } = column
  return { scenario, parameter, profile, title, isShare, better, points }
}

/** Of one instance, over its trials; of a level, say, the least. */
function meanOf(runs: readonly RunRecord[], metric: CurveOptions['metric']): number | null {
  if (metric === undefined) return average(runs.map((run) => Number(run.verdict === 'pass')))
  const [id, of] = metric
  const values = runs.flatMap((run) => run.metrics[id] ?? [])
  const mean = of.cell === 'least' && values.length > 0 ? Math.min(...values) : average(values)
  return mean === null ? null : scaled(of, mean)
}

/** `.63 [.47 .78]`, or `5850 [5200 6400]` of what is no share. */
export function said({ value, interval }: Pick<Point, 'value' | 'interval'>, isShare: boolean) {
  if (value === null) return NONE
  const figure = figureOf(isShare)
  return interval === null ? figure(value) : `${figure(value)} ${ranged(interval, figure)}`
}

const NONE = '–'

const figureOf =
  (isShare: boolean) =>
  (value: number): string =>
    isShare ? shareOf(value) : Number(value.toPrecision(3)).toString()

const ranged = ({ low, high }: Interval, figure: (value: number) => string): string =>
  `[${figure(low)} ${figure(high)}]`

/**
 * One row a harness, one column a value, each with its interval: in one line where all fit, else below, and
 * continued further down where that is too wide as well.
 */
export function curveBlocks(of: Curve, columns: number): Block[] {
  const { points, parameter, isShare } = of
  const values = [...new Set(points.map(({ at }) => at))]
  const names = [...new Set(points.map(({ harness }) => harness))]
  const heads = [parameter, ...values.map(String)].map(visible)
  const rowsOf = (say: (point: Point) => string) =>
    names.map((name) => points.filter((p) => p.harness === name).map(say))
  const whole = rowsOf((point) => said(point, isShare))
  const wide = laidOut(heads, named(names, whole), columns)
  if (wide.length === 1 || points.every(({ interval }) => interval === null)) return wide
  const figure = figureOf(isShare)
  const above = rowsOf(({ value }) => (value === null ? NONE : figure(value)))
  const below = rowsOf(({ interval }) => (interval === null ? '' : ranged(interval, figure)))
  const stacked = named(names, above).flatMap((row, i) => [row, ['', ...(below[i] ?? [])]])
  return laidOut(heads, stacked, columns)
}

const named = (names: readonly string[], rows: readonly (readonly string[])[]): string[][] =>
  rows.map((row, i) => [visible(names[i] ?? ''), ...row])
