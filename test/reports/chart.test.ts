// What can be read from the picture of a curve: every harness, every interval, and how its values are spaced.
import { describe, expect, it } from 'vitest'
import { create } from 'xmlbuilder2'
import { isRatioSpaced, placed, segmentsOf } from '../../reports/alongside.ts'
import { svgOf } from '../../reports/chart.ts'
import type { Curve, Point } from '../../reports/curve.ts'

type Known = readonly (number | null)[]

const pointsOf = (of: Readonly<Record<string, Known>>, at: readonly number[]): Point[] =>
  Object.entries(of).flatMap(([harness, values]) =>
    values.map((value, i) => ({
      ...{ harness, isControl: harness === 'idle', at: at[i] ?? 0, value, instances: 20 },
      interval: value === null ? null : { low: value / 2, high: 1 },
    })),
  )

const curveOf = (of: Readonly<Record<string, Known>>, at: readonly number[]): Curve => ({
  ...{ scenario: 'compaction/ledger', parameter: 'distance', profile: 'typical', title: 'solved' },
  ...{ isShare: true, better: 'more', points: pointsOf(of, at) },
})

describe('values are spaced', () => {
  it.each([[[1000, 5848, 34200, 200000]], [[1, 2, 3, 6, 10]], [[4, 8, 16, 32]], [[1, 100]]])(
    'in ratio: %j',
    (values) => expect(isRatioSpaced(values)).toBe(true),
  )

  it.each([
    [[0, 10, 100]],
    [[1000, 2000, 3000]],
    [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
    [[4, 8]],
    [[4]],
  ])('in distance: %j', (values) => expect(isRatioSpaced(values)).toBe(false))
})

describe('lines that coincide', () => {
  const axis = { values: [1, 2, 3], isLog: false, width: 300 }
  const names = ['loop', 'micro', 'best']
  const points = pointsOf({ loop: [1, 1, 1], micro: [1, 1, 0], best: [1, 1, null] }, axis.values)
  const places = placed(points, names, axis)

  it('have their points side by side, in the order of the harnesses', () => {
    const first = places.filter(({ at }) => at === 1).map(({ dx }) => dx)
    expect(first).toEqual([-8, 0, 8])
    expect(places).toHaveLength(8)
  })

  it('show in turn where they do, and are drawn through elsewhere', () => {
    const segments = segmentsOf(places, axis)
    expect(segments.map(({ harness, at, dash }) => [harness, at, dash.length])).toEqual([
      ...[
        ['loop', 1, 2],
        ['loop', 2, 0],
      ],
      ...[
        ['micro', 1, 2],
        ['micro', 2, 0],
      ],
      ...[['best', 1, 2]],
    ])
    const same = segments.filter(({ at }) => at === 1)
    const isOn = (x: number): number[] =>
      same.map(({ dash: [on = 0, off = 0], dashOffset, dx }) =>
        Number((x - dx + dashOffset) % (on + off) < on),
      )
    for (let x = 10.5; x < 150; x++) expect(isOn(x).filter((on) => on === 1)).toHaveLength(1)
  })

  it('are in the picture as dashes, and the legend names each', async () => {
    const svg = await svgOf(curveOf({ loop: [1, 1], micro: [1, 1], best: [1, 1] }, [1, 2]))
    const dashes = [...svg.matchAll(/stroke-dasharray="([^"]+)" stroke-dashoffset="([^"]+)"/g)]
    expect(new Set(dashes.map(([whole]) => whole)).size).toBe(3)
    for (const name of ['loop', 'micro', 'best']) expect(svg).toContain(`>${name}</text>`)
    expect(svg).toContain('lines that coincide show in turn')
  })
})

describe('a picture', () => {
  it('has a logarithmic axis with ticks at the values, where they are spaced by ratio, and says so', async () => {
    const svg = await svgOf(curveOf({ loop: [1, 0.5, 0, 0] }, [1000, 5848, 34200, 200000]))
    for (const text of ['1k', '5.85k', '34.2k', '200k', 'distance (logarithmic)'])
      expect(svg).toContain(`>${text}</text>`)
    const even = await svgOf(curveOf({ loop: [1, 0.5, 0] }, [1000, 2000, 3000]))
    expect(even).toContain('>distance</text>')
    expect(even).not.toContain('logarithmic')
  })

  it('has its values in full where they would look the same', async () => {
    const svg = await svgOf(curveOf({ loop: [1, 0] }, [10_001, 10_002]))
    for (const text of ['10001', '10002']) expect(svg).toContain(`>${text}</text>`)
  })

  it('tells each point with its interval to who cannot see it', async () => {
    const svg = await svgOf(curveOf({ loop: [0.5, 0.25] }, [1000, 2000]))
    expect(svg).toContain('aria-label="loop, distance 1000: .50 [.25 1.0], n = 20"')
  })

  it('is XML whatever names and titles have in them', async () => {
    const evil = '<script>alert("1")</script>&\u0007\'"]]>'
    const curve = { ...curveOf({ [evil]: [1, 0] }, [1, 2]), title: evil, parameter: evil }
    const svg = await svgOf({ ...curve, scenario: evil, profile: evil })
    expect(create(svg).root().node.nodeName).toBe('svg')
    expect(svg).not.toContain('<script')
    expect(svg).not.toContain('\u0007')
  })
})
