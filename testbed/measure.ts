// What an experiment measures: a number over cases, with a 95 % interval from resampling the cases.

import type { Interval } from '../reports/stats/bootstrap.ts'
import { type Resamples, resampled } from '../reports/stats/resample.ts'

export interface Measure {
  /** As the published table words it, where it has it. */
  readonly condition: string
  readonly metric: string
  readonly simulated: number
  /** What it was counted on: calls, questions, cases. */
  readonly n: number
  interval(resamples: Resamples): Interval
}

interface Named {
  readonly condition: string
  readonly metric: string
}

const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0)

/**
 * So many of so many, in per cent: `tops` and `bottoms` by case. None where nothing was counted. Where all
 * or none were, the exact binomial bound over the cases that count stands in for the resampling.
 */
export function percent(
  named: Named,
  tops: readonly number[],
  bottoms: readonly number[] = tops.map(() => 1),
): Measure[] {
  return ratio(named, tops, bottoms, 100)
}

/** As `percent`, as a share of one. */
export function share(
  named: Named,
  tops: readonly number[],
  bottoms: readonly number[] = tops.map(() => 1),
): Measure[] {
  return ratio(named, tops, bottoms, 1)
}

function ratio(
  named: Named,
  tops: readonly number[],
  bottoms: readonly number[],
  scale: number,
): Measure[] {
  const n = sum(bottoms)
  if (n === 0) return []
  const of = sum(tops) / n
  const cases = bottoms.filter((bottom) => bottom > 0).length
  const bound = Math.exp(Math.log(0.025) / cases)
  const interval = (resamples: Resamples): Interval => {
    if (of === 0) return { low: 0, high: (1 - bound) * scale }
    if (of === 1) return { low: bound * scale, high: scale }
    const drawn = resampled(resamples, (times) => {
      let top = 0
      let bottom = 0
      for (let i = 0; i < times.length; i++) {
        const k = times[i] as number
        top += k * (tops[i] as number)
        bottom += k * (bottoms[i] as number)
      }
      return bottom === 0 ? undefined : (scale * top) / bottom
    })
    return drawn ?? { low: 0, high: scale }
  }
  return [{ ...named, simulated: of * scale, n, interval }]
}

/** A number of all cases, and what resampling makes of it. */
const around = (of: (times?: Uint16Array) => number): Pick<Measure, 'simulated' | 'interval'> => {
  const simulated = of()
  const interval = (resamples: Resamples): Interval =>
    resampled(resamples, of) ?? { low: simulated, high: simulated }
  return { simulated, interval }
}

/** The mean of one number a case. */
export function average(named: Named, values: readonly number[]): Measure[] {
  const mean = (times?: Uint16Array): number => {
    let total = 0
    let count = 0
    for (let i = 0; i < values.length; i++) {
      const k = times?.[i] ?? 1
      total += k * (values[i] as number)
      count += k
    }
    return total / count
  }
  if (values.length === 0) return []
  return [{ ...named, n: values.length, ...around(mean) }]
}

/** The standard deviation of one number a case. */
export function deviation(named: Named, values: readonly number[]): Measure[] {
  const sd = (times?: Uint16Array): number => {
    let count = 0
    let total = 0
    let squares = 0
    for (let i = 0; i < values.length; i++) {
      const k = times?.[i] ?? 1
      const value = values[i] as number
      count += k
      total += k * value
      squares += k * value * value
    }
    return Math.sqrt(Math.max(0, (squares - (total * total) / count) / (count - 1)))
  }
  if (values.length < 2) return []
  return [{ ...named, n: values.length, ...around(sd) }]
}

/** A percentile of one number a case: the value below which that share of them lies, interpolated. */
export function percentile(named: Named, values: readonly number[], p: number): Measure[] {
  const ranked = values.map((value, i) => ({ value, i })).sort((a, b) => a.value - b.value)
  const at = (times?: Uint16Array): number => {
    const place = (p / 100) * (values.length - 1)
    const low = Math.floor(place)
    let seen = 0
    let below: number | undefined
    for (const { value, i } of ranked) {
      seen += times?.[i] ?? 1
      if (below === undefined && seen > low) below = value
      if (below !== undefined && seen > low + 1) return below + (value - below) * (place - low)
    }
    return below ?? 0
  }
  if (values.length === 0) return []
  return [{ ...named, n: values.length, ...around(at) }]
}
