// Laws of the statistics.
import fc from 'fast-check'
import { mean } from 'simple-statistics'
import { describe, expect, it } from 'vitest'
import { bootstrap, shareInterval } from '../../reports/stats/bootstrap.ts'
import { holm } from '../../reports/stats/holm.ts'
import { passK } from '../../reports/stats/pass-k.ts'
import { moreInstances } from '../../reports/stats/power.ts'
import { signFlip } from '../../reports/stats/sign-flip.ts'

/** Shares of five trials, and their differences. */
const share = fc.integer({ min: 0, max: 5 }).map((n) => n / 5)
const difference = fc.integer({ min: -5, max: 5 }).map((n) => n / 5)

/** Every pattern summed from scratch. */
function bruteForce(differences: readonly number[]): number {
  const total = (pattern: number): number =>
    differences.reduce((sum, d, i) => sum + ((pattern >> i) & 1 ? -d : d), 0)
  const patterns = Array.from({ length: 2 ** differences.length }, (_, i) => i)
  const bar = Math.abs(total(0)) - 1e-7
  return patterns.filter((pattern) => Math.abs(total(pattern)) >= bar).length / patterns.length
}

describe('sign-flip', () => {
  it('looks at all patterns as brute force does', () => {
    fc.assert(
      fc.property(fc.array(difference, { minLength: 1, maxLength: 9 }), (differences) => {
        const { p, exact } = signFlip(differences, 'k')
        expect(exact).toBe(true)
        expect(p).toBeCloseTo(bruteForce(differences), 12)
      }),
    )
  })

  it('says the same of a and b as of b and a', () => {
    fc.assert(
      fc.property(fc.array(difference, { minLength: 1, maxLength: 12 }), (differences) => {
        const turned = differences.map((d) => -d)
        expect(signFlip(turned, 'k').p).toBe(signFlip(differences, 'k').p)
      }),
    )
  })

  it('gives p = 1 to identical designs, and to none', () => {
    expect(signFlip(Array(40).fill(0), 'k')).toEqual({ p: 1, exact: true })
    expect(signFlip([], 'k')).toEqual({ p: 1, exact: true })
  })

  it('draws where patterns are many, near the exact answer', () => {
    const fifteen = [3, 1, 4, -1, 5, 9, -2, 6, -5, 3, -5, 8, -9, 7, -9]
    const { p, exact } = signFlip(fifteen, 'k')
    expect(exact).toBe(false)
    expect(p).toBeCloseTo(bruteForce(fifteen), 1.5)
    expect(signFlip(fifteen, 'k')).toEqual({ p, exact })
  })

  it('counts patterns where all differences are of one size, however many', () => {
    // All alike: only 2 patterns of 2^40 are as extreme.
    expect(signFlip(Array(40).fill(1), 'k').p).toBeCloseTo(2 ** -39, 15)
    expect(signFlip([...Array(20).fill(1), ...Array(20).fill(-1)], 'k').p).toBe(1)
    const few = [...Array(9).fill(0.2), ...Array(3).fill(-0.2)]
    expect(signFlip([...few, 0.2, -0.2, 0.2], 'k').p).toBeCloseTo(
      bruteForce([...few, 0.2, -0.2, 0.2]),
      9,
    )
  })

  it('draws on where the observed pattern is rare: a bound that thousands of tests share is reached', () => {
    const rare = Array.from({ length: 60 }, (_, i) => 1 + i / 100)
    const { p, exact } = signFlip(rare, 'k')
    expect(exact).toBe(false)
    expect(p).toBeLessThan(0.05 / 10_000)
  })

  it('holds its level when nothing differs', () => {
    const coin = fc.array(fc.constantFrom(-1, 1), { minLength: 20, maxLength: 20 })
    const designs = fc.sample(coin, { numRuns: 200, seed: 7 })
    const rejected = designs.filter((d) => signFlip(d, 'k').p < 0.05).length
    expect(rejected / designs.length).toBeLessThan(0.1)
  })
})

describe('bootstrap', () => {
  it('holds the mean in its interval, and the interval in the range of the values', () => {
    fc.assert(
      fc.property(fc.array(share, { minLength: 2, maxLength: 30 }), (values) => {
        const { low, high } = bootstrap(values, 'k') ?? { low: Number.NaN, high: Number.NaN }
        expect(low).toBeLessThanOrEqual(mean(values) + 1e-9)
        expect(high).toBeGreaterThanOrEqual(mean(values) - 1e-9)
        expect(low).toBeGreaterThanOrEqual(Math.min(...values) - 1e-9)
        expect(high).toBeLessThanOrEqual(Math.max(...values) + 1e-9)
      }),
      { numRuns: 50 },
    )
  })

  it('is near the normal interval of a fair coin', () => {
    const coin = Array.from({ length: 100 }, (_, i) => i % 2)
    const { low, high } = bootstrap(coin, 'k') ?? { low: 0, high: 0 }
    expect(low).toBeCloseTo(0.5 - 1.96 * 0.05, 1)
    expect(high).toBeCloseTo(0.5 + 1.96 * 0.05, 1)
  })

  it('depends on its key and on nothing else', () => {
    const values = [0, 0.2, 0.4, 1, 1, 0.6]
    expect(bootstrap(values, 'a')).toEqual(bootstrap(values, 'a'))
  })

  it('claims nothing of one instance, and no certainty of shares that agree', () => {
    expect(bootstrap([1], 'k')).toBeNull()
    // Clopper and Pearson: 0.025^(1/40).
    expect(shareInterval(Array(40).fill(1), 'k')?.low).toBeCloseTo(0.9119, 3)
    expect(shareInterval(Array(40).fill(0), 'k')?.high).toBeCloseTo(0.0881, 3)
  })
})

describe('holm', () => {
  const ps = fc.array(fc.double({ min: 0.0001, max: 1, noNaN: true }), { maxLength: 12 })

  it('keeps the order of the tests, and lowers none', () => {
    fc.assert(
      fc.property(ps, (given) => {
        const adjusted = holm(given)
        for (const [i, p] of given.entries()) {
          expect(adjusted[i]).toBeGreaterThanOrEqual(p)
          expect(adjusted[i]).toBeLessThanOrEqual(1)
          for (const [j, q] of given.entries())
            if (p < q) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j] ?? -1)
        }
      }),
    )
  })

  it('gives the published example', () => {
    expect(holm([0.01, 0.04, 0.03, 0.005]).map((p) => p.toFixed(3))).toEqual([
      '0.030',
      '0.060',
      '0.060',
      '0.020',
    ])
  })
})

describe('pass^k', () => {
  const trials = fc
    .tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 0, max: 8 }))
    .map(([of, passed]) => ({ of, passed: Math.min(of, passed) }))
  const instances = fc.array(trials, { minLength: 1, maxLength: 10 })

  it('is the mean of shares at k = 1', () => {
    fc.assert(
      fc.property(instances, (given) => {
        expect(passK(given, 1)).toBeCloseTo(mean(given.map((t) => t.passed / t.of)), 12)
      }),
    )
  })

  it('never grows with k where all have the same trials', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1 }), (passed) => {
        const given = passed.map((n) => ({ passed: n, of: 6 }))
        for (let k = 1; k < 6; k++)
          expect(passK(given, k + 1)).toBeLessThanOrEqual((passK(given, k) ?? 0) + 1e-12)
      }),
    )
  })

  it('is C(s, k) / C(n, k), and says nothing of too few trials', () => {
    expect(passK([{ passed: 3, of: 5 }], 2)).toBeCloseTo(3 / 10, 12)
    expect(passK([{ passed: 3, of: 3 }], 4)).toBeNull()
  })
})

describe('moreInstances', () => {
  it('needs more for a smaller difference, and says nothing of none', () => {
    const wide = Array.from({ length: 40 }, (_, i) => (i % 10 < 6 ? 1 : -1))
    const narrow = Array.from({ length: 40 }, (_, i) => (i % 20 < 11 ? 1 : -1))
    expect(moreInstances(narrow, 0.05)).toBeGreaterThan(moreInstances(wide, 0.05) ?? Infinity)
    expect(moreInstances([1, -1], 0.05)).toBeNull()
    expect(moreInstances([], 0.05)).toBeNull()
  })

  it('is ((1.96 + 0.84) sd / d)^2 less what there is', () => {
    // 40 differences, 24 of +1 and 16 of -1: mean 0.2, sd 0.9922; 193 instances, by the library's normal
    // quantile, which is good to 0.2 %.
    const differences = Array.from({ length: 40 }, (_, i) => (i % 10 < 6 ? 1 : -1))
    expect(moreInstances(differences, 0.05)).toBe(193 - 40)
  })

  it('asks for as many as a permutation test needs at all', () => {
    expect(moreInstances([1, 1, 1], 0.05)).toBe(3)
    // 2 / 2^n is at most 0.001 from eleven on.
    expect(moreInstances([1, 1, 1], 0.001)).toBe(8)
  })
})
