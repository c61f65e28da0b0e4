// What a curve leaves out, values at which nobody met what is asked and nothing else, and how it is written.
import { describe, expect, it } from 'vitest'
import { type Curve, type CurveOptions, curve, curveBlocks } from '../../reports/curve.ts'
import type { RunRecord } from '../../reports/index.ts'
import { record } from './records.ts'

const AT: CurveOptions = {
  scenario: 'isolation/lost-update',
  parameter: 'filler',
  profile: 'typical',
  harnesses: ['loop', 'shy', 'idle'],
  controls: new Set(['idle']),
  values: [1, 2],
  atOf: ({ params }) => params.filler ?? 0,
}

const runs = (
  harness: string,
  filler: number,
  met: number,
  verdict: 'pass' | 'fail',
): RunRecord[] =>
  [0, 1].map((instance) =>
    record({
      scenario: AT.scenario,
      harness,
      instance,
      params: { filler },
      placed: 1,
      met,
      verdict,
    }),
  )

const values = (...of: RunRecord[][]) =>
  curve(of.flat(), AT).points.map(({ harness, at, value }) => [harness, at, value])

describe('a curve', () => {
  it('has a point for who met no hazard, where another harness did: idle fails, and who prevents it passes', () => {
    expect(
      values(
        ...[runs('loop', 1, 1, 'fail'), runs('shy', 1, 0, 'pass'), runs('idle', 1, 0, 'fail')],
        ...[runs('loop', 2, 1, 'fail'), runs('shy', 2, 0, 'pass'), runs('idle', 2, 0, 'fail')],
      ),
    ).toEqual([
      ['loop', 1, 0],
      ['loop', 2, 0],
      ['shy', 1, 1],
      ['shy', 2, 1],
      ['idle', 1, 0],
      ['idle', 2, 0],
    ])
  })

  it('has none at a value at which nobody but controls came to it', () => {
    expect(
      values(runs('loop', 1, 0, 'pass'), runs('shy', 1, 0, 'pass'), runs('idle', 1, 1, 'fail')),
    ).toEqual(
      expect.arrayContaining([
        ['loop', 1, null],
        ['shy', 1, null],
        ['idle', 1, null],
      ]),
    )
  })
})

describe('a table of a curve', () => {
  const table = (steps: number, columns: number, interval: Curve['points'][0]['interval']) => {
    const points = Array.from({ length: steps }, (_, i) => {
      const point = { harness: 'loop', isControl: false, at: 1000 + i, instances: 20, interval }
      return { ...point, value: 0.63 }
    })
    const of = { scenario: 's', parameter: 'distance', profile: 'typical', title: 'solved' }
    return curveBlocks({ ...of, isShare: true, better: 'more', points }, columns)
  }
  const INTERVAL = { low: 0.47, high: 0.78 }

  it('has each value with its interval in a line, where all fit', () => {
    expect(table(2, 98, INTERVAL)).toEqual([
      {
        heads: ['distance           1000           1001'],
        rows: ['loop      .63 [.47 .78]  .63 [.47 .78]'],
      },
    ])
  })

  it('has the interval below its value where they do not', () => {
    const [block, ...more] = table(7, 98, INTERVAL)
    expect(more).toEqual([])
    expect(block?.rows[0]).toMatch(/^loop( +\.63){7}$/)
    expect(block?.rows[1]).toMatch(/^ +(\[\.47 \.78\] *){7}$/)
  })

  it('is continued where that is too wide as well, and never wider than it may be', () => {
    const blocks = table(20, 60, INTERVAL)
    expect(blocks.length).toBeGreaterThan(1)
    for (const { heads, rows } of blocks)
      for (const line of [...heads, ...rows]) expect(line.length).toBeLessThanOrEqual(60)
  })

  it('has no empty lines where there are no intervals', () => {
    for (const { rows } of table(20, 60, null)) expect(rows).toHaveLength(1)
  })
})
