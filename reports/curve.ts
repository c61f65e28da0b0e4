// A curve: what becomes of each harness as one parameter grows. The unit is the instance, as in tables.
import { metricColumn, SOLVED, scaled } from './columns.ts'
import { share as shareOf } from './format.ts'
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
  return { scenario, parameter, profile, title: column.title, isShare, points }
}

/** Of one instance, over its trials; of a level, say, the least. */
function meanOf(runs: readonly RunRecord[], metric: CurveOptions['metric']): number | null {
  if (metric === undefined) return average(runs.map((run) => Number(run.verdict === 'pass')))
  const [id, of] = metric
  const values = runs.flatMap((run) => run.metrics[id] ?? [])
  const mean = of.cell === 'least' && values.length > 0 ? Math.min(...values) : average(values)
  return mean === null ? null : scaled(of, mean)
}

/** One line a harness, one column a value; the interval is in the picture and in the data. */
export function curveRows({ points, parameter, isShare }: Curve): {
  heads: string[]
  rows: string[][]
} {
  const values = [...new Set(points.map(({ at }) => at))]
  const harnesses = [...new Set(points.map(({ harness }) => harness))]
  const said = (value: number | null): string => {
    if (value === null) return '–'
    return isShare ? shareOf(value) : Number(value.toPrecision(3)).toString()
  }
  return {
    heads: [parameter, ...values.map(String)],
    rows: harnesses.map((harness) => [
      harness,
      ...values.map((at) =>
        said(points.find((p) => p.harness === harness && p.at === at)?.value ?? null),
      ),
    ]),
  }
}
