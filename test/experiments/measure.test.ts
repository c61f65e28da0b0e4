// Measures by hand: what is counted, and intervals that cover what they should.
import { describe, expect, it } from 'vitest'
import { resamples } from '../../reports/stats/resample.ts'
import { draw } from '../../sim/core/draw.ts'
import { observed } from '../../testbed/calibrate.ts'
import { classOf } from '../../testbed/draws/function-test.ts'
import { fill, pagesOf } from '../../testbed/draws/pages.ts'
import { average, deviation, percent, percentile } from '../../testbed/measure.ts'
import { house, ofKind } from '../machine/rig.ts'
import { cellsOf, flawless, lab } from './lab.ts'

const NAMED = { condition: 'here', metric: 'there' }
const drawn = resamples(5, 'test')

describe('a measure', () => {
  it('is so many of so many, and nothing where there were none', () => {
    expect(percent(NAMED, [1, 0, 2], [4, 0, 4])[0]).toMatchObject({ simulated: 37.5, n: 8 })
    expect(percent(NAMED, [0, 0], [0, 0])).toEqual([])
  })

  it('has the exact bound where all or none were', () => {
    const [none] = percent(NAMED, [0, 0, 0, 0, 0])
    expect(none?.interval(drawn)).toEqual({ low: 0, high: expect.closeTo(52.18, 1) })
    const [all] = percent(NAMED, [1, 1, 1, 1, 1])
    expect(all?.interval(drawn)).toEqual({ low: expect.closeTo(47.82, 1), high: 100 })
  })

  it('knows mean, deviation and percentiles', () => {
    const values = [5, 1, 3, 2, 4]
    expect(average(NAMED, values)[0]?.simulated).toBe(3)
    expect(deviation(NAMED, values)[0]?.simulated).toBeCloseTo(Math.sqrt(2.5))
    const at = (p: number) => percentile(NAMED, values, p)[0]?.simulated
    expect([0, 25, 50, 75, 90, 100].map(at)).toEqual([1, 2, 3, 4, expect.closeTo(4.6), 5])
  })

  it('has an interval that covers the truth as often as it says', () => {
    let covered = 0
    for (let i = 0; i < 200; i++) {
      const { next } = draw(`cover ${i}`)
      const hits = Array.from({ length: 60 }, () => Number(next() < 0.3))
      const interval = percent(NAMED, hits)[0]?.interval(resamples(60, `${i}`, 300))
      if (interval !== undefined && interval.low <= 30 && interval.high >= 30) covered++
    }
    expect(covered).toBeGreaterThan(178)
    expect(covered).toBeLessThan(200)
  })
})

describe('a function test', () => {
  const wanted = [
    { name: 'read_file', args: { path: 'a' } },
    { name: 'read_file', args: { path: 'b' } },
  ]
  const offered = ['read_file', 'write_file']
  const call = (args: unknown, name = 'read_file') => ({ name, args: JSON.stringify(args) })
  const [a, b] = [call({ path: 'a' }), call({ path: 'b' })]

  it.each([
    [[a, b], undefined],
    [[b, a], undefined],
    [[], 'no_call_text'],
    [[a], 'wrong_count'],
    [[a, b, b], 'wrong_count'],
    [[a, { name: 'read_file', args: '{"path": ' }], 'malformed'],
    [[a, call({ path: 'b' }, 'open_file')], 'phantom_tool'],
    [[a, call({ path: 'b' }, 'write_file')], 'cannot_match'],
    [[a, call({})], 'missing_param'],
    [[a, call({ path: 'b', x: 1 })], 'unexpected_param'],
    [[a, call({ path: 5 })], 'wrong_type'],
    [[a, call({ path: 'c' })], 'wrong_value'],
    [[call({ path: 'c' }), call({ path: 5 })], 'wrong_type'],
  ])('%j is %s', (spoken, found) => {
    expect(classOf(spoken, wanted, offered)).toBe(found)
  })
})

describe('pages', () => {
  const pages = pagesOf(draw('pages'), house.tokens)
  it.each([300, 1000, 4000, 16_000, 64_000, 300_000])('make a text of %i tokens', (tokens) => {
    const texts = fill(draw('text'), pages, tokens)
    const counted = texts.reduce((sum, text) => sum + 4 + house.tokens.count(text), 0)
    expect(counted).toBeLessThanOrEqual(tokens)
    expect(counted).toBeGreaterThan(tokens - 35)
  })
})

describe('a prompt', () => {
  it.each([1000, 4000, 60_000])('is as long as was asked for: %i tokens', async (length) => {
    const [cell] = cellsOf('ruler', { length: [length] }, { profile: flawless })
    if (cell === undefined) throw new TypeError('no cell')
    const { trace } = await observed(lab, cell, 0, 0)
    const [request] = ofKind(trace, 'request')
    expect(request?.tokens).toBeLessThanOrEqual(length)
    expect(request?.tokens).toBeGreaterThan(length * 0.98 - 60)
  })
})
