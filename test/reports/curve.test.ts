// What a curve leaves out: values at which nobody met what is asked, and nothing else.
import { describe, expect, it } from 'vitest'
import { type CurveOptions, curve } from '../../reports/curve.ts'
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
