// Whether single metrics measure what they say: of each breakage the metrics that were expected to move, and which
// way, beside those that did. A paired change of a metric's mean a case, all tests held to one bound.
import type { Metric } from '../reports/metric.ts'
import type { RunRecord } from '../reports/record.ts'
import { holm } from '../reports/stats/holm.ts'
import { signFlip } from '../reports/stats/sign-flip.ts'
import { average, byInstance, familyOf, isJudged } from '../reports/units.ts'

export interface Change {
  readonly change: string
  readonly base: string
  readonly variant: string
  /** By metric, which way it has to move. */
  readonly measures: Readonly<Record<string, 'more' | 'less'>>
  /** The families that may see the breakage: what moves there is no surprise. */
  readonly families: readonly string[]
}

export interface Moved {
  readonly change: string
  readonly metric: string
  readonly expected: 'more' | 'less' | undefined
  /** Means over cases. */
  readonly before: number
  readonly after: number
  readonly cases: number
  /** Of the sign-flip test, after Holm's correction over all changes and metrics. */
  readonly adjusted: number
  readonly reading: 'as expected' | 'missed' | 'alongside' | 'surprise' | 'nothing'
}

const LEVEL = 0.05

/** By case, of one harness under one profile; a case on which the metric says nothing is in it not. */
function valuesOf(metric: string, records: readonly RunRecord[]): Map<string, number> {
  const values = new Map<string, number>()
  for (const [key, runs] of byInstance(records)) {
    const mean = average(runs.flatMap((run) => run.metrics[metric] ?? []))
    if (mean !== null) values.set(`${key} ${runs[0]?.profile}`, mean)
  }
  return values
}

/**
 * Every metric that belongs to a family, under every change: what moved and what was to. Instances under several
 * profiles are cases of their own.
 */
export function movedBy(
  changes: readonly Change[],
  metrics: ReadonlyMap<string, Metric>,
  records: readonly RunRecord[],
): Moved[] {
  const judged = records.filter(isJudged)
  const profiles = [...new Set(judged.map(({ profile }) => profile))]
  const own = (harness: string, metric: string, families: readonly string[]) =>
    new Map(
      profiles.flatMap((profile) => [
        ...valuesOf(
          metric,
          judged.filter(
            (one) =>
              one.harness === harness &&
              one.profile === profile &&
              families.includes(familyOf(one.scenario)),
          ),
        ),
      ]),
    )
  const pairs = changes.flatMap((change) =>
    [...metrics].flatMap(([metric, { families }]) => {
      if (families === undefined) return []
      const before = own(change.base, metric, families)
      const after = own(change.variant, metric, families)
      const both = [...before].flatMap(([key, value]) => {
        const other = after.get(key)
        return other === undefined ? [] : [[value, other] as const]
      })
      return both.length === 0 ? [] : [{ change, metric, families, both }]
    }),
  )
  const tests = pairs.map(({ change, metric, both }) =>
    signFlip(
      both.map(([before, after]) => after - before),
      `${change.variant} ${metric}`,
    ),
  )
  const adjusted = holm(tests.map(({ p }) => p))
  return pairs.map(({ change, metric, families, both }, i): Moved => {
    const before = average(both.map(([value]) => value)) ?? 0
    const after = average(both.map(([, value]) => value)) ?? 0
    const expected = change.measures[metric]
    const isNear = families.some((family) => change.families.includes(family))
    const corrected = adjusted[i] ?? 1
    const way = corrected >= LEVEL ? undefined : after > before ? 'more' : 'less'
    return {
      ...{ change: change.change, metric, expected, before, after },
      ...{ cases: both.length, adjusted: corrected, reading: readingOf(expected, way, isNear) },
    }
  })
}

/** `way` is the one that it moved beyond chance. */
function readingOf(
  expected: Moved['expected'],
  way: Moved['expected'],
  isNear: boolean,
): Moved['reading'] {
  if (expected !== undefined) return way === expected ? 'as expected' : 'missed'
  if (way === undefined) return 'nothing'
  return isNear ? 'alongside' : 'surprise'
}
