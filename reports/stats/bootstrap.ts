// The percentile bootstrap of a mean over instances (Efron, 1979). Where all instances agree on 0
// or 1 it would claim certainty; there the exact binomial bound stands in (Clopper and Pearson,
// 1934).
import { mean, quantileSorted } from 'simple-statistics'
import { draw } from '../../sim/core/draw.ts'

export interface Interval {
  readonly low: number
  readonly high: number
}

const RESAMPLES = 2_000
const TAIL = 0.025

/**
 * The 95 % interval of the mean. `key` seeds the resampling: same key and values, same interval.
 * Null for fewer than two values, which say nothing of their spread.
 */
export function bootstrap(values: readonly number[], key: string): Interval | null {
  if (values.length < 2) return null
  const { next } = draw(`bootstrap ${key}`)
  const n = values.length
  const means = new Float64Array(RESAMPLES)
  for (let r = 0; r < RESAMPLES; r++) {
    let sum = 0
    for (let i = 0; i < n; i++) sum += values[Math.floor(next() * n)] ?? 0
    means[r] = sum / n
  }
  const sorted = [...means.sort()]
  return { low: quantileSorted(sorted, TAIL), high: quantileSorted(sorted, 1 - TAIL) }
}

/** The 95 % interval of a mean of shares, each in [0, 1]. Null for fewer than two. */
export function shareInterval(shares: readonly number[], key: string): Interval | null {
  const interval = bootstrap(shares, key)
  if (interval === null) return null
  const average = mean([...shares])
  const bound = Math.exp(Math.log(TAIL) / shares.length)
  if (average === 1) return { low: bound, high: 1 }
  if (average === 0) return { low: 0, high: 1 - bound }
  return interval
}
