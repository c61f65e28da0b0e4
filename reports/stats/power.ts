// How many instances a paired comparison would need: the normal approximation ((z_a/2 + z_b) sd /
// d)^2, two-sided, power 80 %. An estimate from the data at hand: it says `about`.
import { mean, probit, sampleStandardDeviation } from 'simple-statistics'

const Z_POWER = 0.841621

/** Below this many differences even the most extreme pattern has p = 2 / 2^n above the level. */
const fewest = (level: number): number => Math.ceil(Math.log2(2 / level))

/**
 * Instances to add to these, at least 1, to tell a difference of this size in a test at this level; null where
 * it is 0.
 */
export function moreInstances(differences: readonly number[], level: number): number | null {
  const n = differences.length
  const observed = n === 0 ? 0 : mean([...differences])
  if (Math.abs(observed) < 1e-12) return null
  const sd = n < 2 ? 0 : sampleStandardDeviation([...differences])
  const ratio = ((probit(1 - level / 2) + Z_POWER) * sd) / observed
  return Math.max(1, Math.max(Math.ceil(ratio * ratio), fewest(level)) - n)
}

/**
 * The smallest mean difference that a two-sided test at this level would show with a power of 80 %, in the
 * spread of these differences; null of fewer than two, or where none differs.
 */
export function visibleEffect(differences: readonly number[], level: number): number | null {
  if (differences.length < 2) return null
  const sd = sampleStandardDeviation([...differences])
  const z = probit(1 - level / 2) + Z_POWER
  return sd === 0 ? null : (z * sd) / Math.sqrt(differences.length)
}
