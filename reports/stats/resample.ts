// The percentile bootstrap (Efron, 1979) of any number over cases: the same resamples of the cases serve
// all that is measured on them. How often each case was drawn is all that a number needs to know.
import { quantileSorted } from 'simple-statistics'
import { draw } from '../../sim/core/draw.ts'
import type { Interval } from './bootstrap.ts'

const TAIL = 0.025

/** For each resample, how often each case is in it. */
export type Resamples = readonly Uint16Array[]

/** `key` seeds them: same key, same resamples. */
export function resamples(cases: number, key: string, count = 1000): Resamples {
  const { next } = draw(`resamples ${key}`)
  return Array.from({ length: count }, () => {
    const times = new Uint16Array(cases)
    for (let i = 0; i < cases; i++) {
      const j = Math.floor(next() * cases)
      times[j] = (times[j] as number) + 1
    }
    return times
  })
}

/** The 95 % interval of `of`; undefined where no resample says anything of it. */
export function resampled(
  from: Resamples,
  of: (times: Uint16Array) => number | undefined,
): Interval | undefined {
  const values: number[] = []
  for (const times of from) {
    const value = of(times)
    if (value !== undefined && Number.isFinite(value)) values.push(value)
  }
  if (values.length === 0) return undefined
  values.sort((a, b) => a - b)
  return { low: quantileSorted(values, TAIL), high: quantileSorted(values, 1 - TAIL) }
}
