// The keyed hash: the same on every machine, even, and without structure between neighbours.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { uniform } from '../../sim/core/hash.ts'

/** Pearson's statistic of counts that should be even. */
const chiSquare = (counts: readonly number[]): number => {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length
  return counts.reduce(
    (sum, count) => sum + ((count - expected) * (count - expected)) / expected,
    0,
  )
}

const CELLS = 64
/** Five standard deviations above the mean of a chi-square of 63 degrees. */
const MOST = CELLS - 1 + 5 * Math.sqrt(2 * (CELLS - 1))

const evenness = (values: Iterable<number>): number => {
  const counts = new Array<number>(CELLS).fill(0)
  for (const value of values) {
    const cell = Math.floor(value * CELLS)
    counts[cell] = (counts[cell] ?? 0) + 1
  }
  return chiSquare(counts)
}

describe('uniform', () => {
  it('has not changed since it was written', () => {
    const u = uniform('1|compaction/ledger|0|0')
    expect(u('pay-1/pay/1/lapse')).toMatchInlineSnapshot(`0.37674561507433596`)
    expect(u('pay-1/pay/1/lapse', 'none')).toMatchInlineSnapshot(`0.5820250724210714`)
    expect(u('')).toMatchInlineSnapshot(`0.8125141326572631`)
    expect(u('ü漢')).toMatchInlineSnapshot(`0.08040979483199834`)
    expect(uniform('2|compaction/ledger|0|0')('pay-1/pay/1/lapse')).toMatchInlineSnapshot(
      `0.6750435659739309`,
    )
  })

  it('lies between 0 and 1, both ends out', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.option(fc.string()), (key, id, salt) => {
        const value = uniform(key)(id, salt ?? undefined)
        expect(value).toBeGreaterThan(0)
        expect(value).toBeLessThan(1)
      }),
    )
  })

  it.each(['job/step/#/lapse', '#', 'job~#/generate#1/yield', 'job/step-#/1/forgets'])(
    'is even over many ids of the form %s',
    (form) => {
      const u = uniform('key')
      const ids = Array.from({ length: 16_000 }, (_, i) => form.replace('#', `${i}`))
      expect(evenness(ids.map((id) => u(id)))).toBeLessThan(MOST)
      expect(evenness(ids.map((id) => u('same', id)))).toBeLessThan(MOST)
    },
  )

  it('is even over keys that differ by one', () => {
    const values = Array.from({ length: 8000 }, (_, i) => uniform(`${i}|ledger|0|0`)('a/b/1/lapse'))
    expect(evenness(values)).toBeLessThan(MOST)
  })

  it('tells nothing of a neighbour', () => {
    const u = uniform('key')
    const pairs = Array.from({ length: 16_000 }, (_, i) => {
      const [a, b] = [u(`job/step/${i}/lapse`), u(`job/step/${i + 1}/lapse`)]
      return (Math.floor(a * 8) * 8 + Math.floor(b * 8)) / CELLS
    })
    expect(evenness(pairs)).toBeLessThan(MOST)
    const labels = Array.from({ length: 16_000 }, (_, i) => {
      const [a, b] = [u(`job/step/${i}/lapse`, 'none'), u(`job/step/${i}/lapse`, 'phantom-tool')]
      return (Math.floor(a * 8) * 8 + Math.floor(b * 8)) / CELLS
    })
    expect(evenness(labels)).toBeLessThan(MOST)
  })

  it('tells an id from its salt, wherever the text is split', () => {
    const u = uniform('key')
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 12 }), (text) => {
        const values = [u(text)]
        for (let i = 0; i <= text.length; i++) values.push(u(text.slice(0, i), text.slice(i)))
        expect(new Set(values).size).toBe(values.length)
      }),
    )
  })

  it('is the same of a scope and a site as of both in one, in any order', () => {
    const [u, other] = [uniform('key'), uniform('key')]
    const pairs = fc.array(fc.tuple(fc.constantFrom('', 'a/b#1/', 'a/b#2/'), fc.string()))
    fc.assert(
      fc.property(pairs, (asked) => {
        for (const [scope, site] of asked) expect(u.at(scope, site)).toBe(other(scope + site))
      }),
    )
  })

  it('gives the same numbers under an id that is read once', () => {
    const u = uniform('key')
    fc.assert(
      fc.property(fc.string(), fc.string(), (id, salt) => {
        expect(u.under(id)(salt)).toBe(u(id, salt))
        expect(u.under(id)()).toBe(u(id))
      }),
    )
  })

  it('gives two hundred thousand ids as many values', () => {
    const u = uniform('key')
    const values = new Set<number>()
    for (let job = 0; job < 20; job++)
      for (let i = 0; i < 10_000; i++) values.add(u(`job-${job}/step/${i}/lapse`))
    expect(values.size).toBe(200_000)
  })
})
