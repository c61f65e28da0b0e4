// The sign-flip permutation test of paired differences, two-sided: under the null hypothesis each
// difference is as likely to have the other sign (Fisher, 1935). All patterns where they are few or all
// differences are of one size, else drawn ones with the observed one counted in (Phipson and Smyth, 2010); the
// rarer the observed one, the more are drawn, so that p stays below any bound that many tests share.
import { draw } from '../../sim/core/draw.ts'

/** Differences up to which all sign patterns are looked at: 2^14. */
const EXACT_UP_TO = 14
const DRAWS = 20_000
/** Rounds of draws go on until so many patterns were as extreme, and at most so long. */
const ENOUGH_HITS = 20
const ROUNDS = 50
/** Differences whose patterns are summed beforehand; a uniform number has bits for three such. */
const CHUNK = 10
const CHUNKS_A_DRAW = 3

export interface SignFlip {
  /** In (0, 1]. */
  readonly p: number
  /** Whether all sign patterns were looked at. */
  readonly exact: boolean
}

/** `key` seeds the drawn patterns. Differences of 0 have no sign: without others, p is 1. */
export function signFlip(differences: readonly number[], key: string): SignFlip {
  const signed = differences.filter((difference) => difference !== 0)
  if (signed.length === 0) return { p: 1, exact: true }
  let sum = 0
  let size = 0
  for (const difference of signed) {
    sum += difference
    size += Math.abs(difference)
  }
  // Sums of the same terms in another order differ by rounding, and must count as equal.
  const bar = Math.abs(sum) - 1e-9 * size
  if (signed.length <= EXACT_UP_TO) return { p: among(signed, sum, bar), exact: true }
  const step = Math.abs(signed[0] ?? 0)
  if (signed.every((one) => Math.abs(Math.abs(one) - step) < 1e-9 * step))
    return { p: binomial(signed.length, Math.round(Math.abs(sum) / step)), exact: true }
  const { hits, draws } = drawn(signed, bar, key)
  return { p: (1 + hits) / (1 + draws), exact: false }
}

/** How likely `n` fair signs add up to `sum` or more, either way: the sign test. */
function binomial(n: number, sum: number): number {
  if (sum === 0) return 1
  let tail = 0
  // ln C(n, k) + n ln 1/2, from k = n downwards.
  let log = -n * Math.LN2
  for (let k = n; 2 * k - n >= sum; k--) {
    tail += Math.exp(log)
    log += Math.log(k / (n - k + 1))
  }
  return Math.min(1, 2 * tail)
}

/**
 * The share of all patterns with a sum as extreme, visited in Gray code: one sign changes at a
 * time.
 */
function among(signed: readonly number[], observed: number, bar: number): number {
  const patterns = 1 << signed.length
  const now = [...signed]
  let sum = observed
  let hits = 1
  for (let i = 1; i < patterns; i++) {
    const turned = 31 - Math.clz32(i & -i)
    const value = now[turned] ?? 0
    now[turned] = -value
    sum -= 2 * value
    if (Math.abs(sum) >= bar) hits++
  }
  return hits / patterns
}

function drawn(
  signed: readonly number[],
  bar: number,
  key: string,
): { readonly hits: number; readonly draws: number } {
  const { next } = draw(`sign-flip ${key}`)
  const tables: Float64Array[] = []
  for (let i = 0; i < signed.length; i += CHUNK) tables.push(sumsOf(signed.slice(i, i + CHUNK)))
  let hits = 0
  let draws = 0
  while (hits < ENOUGH_HITS && draws < ROUNDS * DRAWS) {
    for (let r = 0; r < DRAWS; r++) if (Math.abs(pattern(tables, next)) >= bar) hits++
    draws += DRAWS
  }
  return { hits, draws }
}

/** The sum of one drawn pattern. */
function pattern(tables: readonly Float64Array[], next: () => number): number {
  const patterns = 1 << (CHUNK * CHUNKS_A_DRAW)
  let sum = 0
  let bits = 0
  let left = 0
  for (const table of tables) {
    if (left-- === 0) {
      bits = Math.floor(next() * patterns)
      left = CHUNKS_A_DRAW - 1
    } else bits >>= CHUNK
    sum += table[bits & (table.length - 1)] ?? 0
  }
  return sum
}

/**
 * The sums of all sign patterns of a few differences: each half is the other with one sign turned.
 */
function sumsOf(signed: readonly number[]): Float64Array {
  const sums = new Float64Array(1 << signed.length)
  let known = 1
  for (const value of signed) {
    for (let i = 0; i < known; i++) {
      const sum = sums[i] ?? 0
      sums[i] = sum - value
      sums[known + i] = sum + value
    }
    known *= 2
  }
  return sums
}
