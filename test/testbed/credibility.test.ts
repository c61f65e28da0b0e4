// What is read from broken parts: an effect over the distance of ceiling and floor, beside what was expected.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { PagedKernel } from '../../harnesses/kernel.ts'
import type { Metric, RunRecord } from '../../reports/index.ts'
import { changed, couplingsOf, effectsOf, mutantsOf, readingOf } from '../../testbed/credibility.ts'
import { movedBy } from '../../testbed/credibility-metrics.ts'
import { credibilityPage } from '../../testbed/credibility-page.ts'
import { discrimination } from '../../testbed/discrimination.ts'
import { suiteOf } from '../../testbed/suite.ts'
import { house } from '../machine/rig.ts'
import { record } from '../reports/records.ts'

const DATA = 'docs/credibility/couplings.yaml'
const couplings = couplingsOf(parse(readFileSync(DATA, 'utf8')), DATA)
const KERNELS = { base: 'good', ceiling: 'top', floor: 'low' }

/** So many of ten instances solved. */
const runs = (harness: string, passed: number, scenario = 'isolation/x'): RunRecord[] =>
  Array.from({ length: 10 }, (_, instance) =>
    record({ harness, scenario, instance, verdict: instance < passed ? 'pass' : 'fail' }),
  )

const around = (scenario?: string): RunRecord[] => [
  ...runs('top', 10, scenario),
  ...runs('low', 2, scenario),
  ...runs('good', 8, scenario),
]

describe('an effect', () => {
  it('is what is lost of the distance from floor to ceiling', () => {
    const [effect] = effectsOf('bad', KERNELS, [...around(), ...runs('bad', 4)])
    expect(effect).toMatchObject({ family: 'isolation', instances: 10 })
    expect(effect?.effect).toBeCloseTo(0.5, 12)
    expect(effect?.interval?.low).toBeGreaterThan(0)
  })

  it('is not told where ceiling and floor meet', () => {
    const flat = [...runs('top', 5), ...runs('low', 5), ...runs('good', 5), ...runs('bad', 0)]
    expect(effectsOf('bad', KERNELS, flat)).toMatchObject([{ effect: null, interval: null }])
  })

  it('is read by what was expected', () => {
    const of = (passed: number) =>
      effectsOf('bad', KERNELS, [...around(), ...runs('bad', passed)])[0] as ReturnType<
        typeof effectsOf
      >[number]
    const none = { moves: [], may: {} }
    expect(readingOf(of(2), { moves: ['isolation'], may: {} })).toBe('as expected')
    expect(readingOf(of(8), { moves: ['isolation'], may: {} })).toBe('missed')
    expect(readingOf(of(2), { moves: [], may: { isolation: 'why' } })).toBe('declared')
    expect(readingOf(of(2), none)).toBe('surprise')
    expect(readingOf(of(8), none)).toBe('nothing')
  })
})

describe('the couplings', () => {
  it('name harnesses, families and suites that there are', async () => {
    const { scenarios } = await suiteOf(house, [couplings.suite])
    const families = new Set(scenarios.map((id) => id.split('/')[0] ?? ''))
    for (const { change, why } of [...couplings.breaks, ...couplings.shams]) {
      expect(why).not.toBe('')
      await expect(house.harness(changed(couplings.base, change))).resolves.toBeDefined()
    }
    for (const { moves, may } of couplings.breaks)
      for (const family of [...moves, ...Object.keys(may)]) expect(families).toContain(family)
  })

  it('say in one line where they are not as they have to be', () => {
    expect(() => couplingsOf({ ...couplings, breaks: [{ change: 'x' }] }, 'c.yaml')).toThrow(
      /^c\.yaml: breaks\.0\./,
    )
  })

  it('come beside mutants of every part, each a harness of its own', async () => {
    const best = (await house.catalog.entry('kernel', 'best')) as PagedKernel
    const mutants = await mutantsOf(house, best)
    expect(mutants).toContain('recovery=requery~ask')
    expect(mutants.length).toBeGreaterThan(15)
    for (const mutant of mutants)
      await expect(house.harness(changed(couplings.base, mutant))).resolves.toBeDefined()
  })

  it('keep a surprise in the table', () => {
    const of = { ...couplings, ...KERNELS, breaks: [], shams: [{ change: 'a=b', why: 'none' }] }
    const main = [...around(), ...runs('good+a=b', 2)]
    const mutants = { mutants: [], instances: 1, metrics: house.metrics }
    const page = credibilityPage(of, mutants, { main, small: [] })
    expect(page).toContain('| `a=b` | .75 (!) |')
  })

  it('name metrics that there are', () => {
    for (const { measures } of couplings.breaks) {
      expect(Object.keys(measures).length).toBeGreaterThan(0)
      for (const metric of Object.keys(measures)) expect(house.metrics.has(metric)).toBe(true)
    }
  })
})

describe('single metrics', () => {
  const metrics = new Map([
    ['lost-updates', { ...house.metrics.get('lost-updates'), families: ['isolation'] } as Metric],
    ['anomalies', { ...house.metrics.get('anomalies'), families: ['isolation'] } as Metric],
  ])
  const measured = (harness: string, lost: number, anomalies: number): RunRecord[] =>
    runs(harness, 8).map((run) => ({ ...run, metrics: { 'lost-updates': lost, anomalies } }))
  const change = { change: 'a=b', base: 'good', variant: 'bad', families: ['isolation'] }
  const readings = (bad: readonly RunRecord[], of: object) =>
    movedBy([{ ...change, measures: {}, ...of }], metrics, [...measured('good', 0, 1), ...bad]).map(
      ({ metric, reading }) => [metric, reading],
    )

  it('move as expected, the right way and beyond chance, or are missed', () => {
    const expected = { measures: { 'lost-updates': 'more' } }
    expect(readings(measured('bad', 1, 1), expected)).toContainEqual([
      'lost-updates',
      'as expected',
    ])
    expect(readings(measured('bad', 0, 1), expected)).toContainEqual(['lost-updates', 'missed'])
    const wrong = { measures: { 'lost-updates': 'less' } }
    expect(readings(measured('bad', 1, 1), wrong)).toContainEqual(['lost-updates', 'missed'])
  })

  it('are a surprise in a family that was not to see it, and beside the point in one that may', () => {
    expect(readings(measured('bad', 0, 2), {})).toContainEqual(['anomalies', 'alongside'])
    const elsewhere = { families: ['budgets'] }
    expect(readings(measured('bad', 0, 2), elsewhere)).toContainEqual(['anomalies', 'surprise'])
    expect(readings(measured('bad', 0, 1), elsewhere)).toContainEqual(['anomalies', 'nothing'])
  })
})

describe('discrimination', () => {
  it('tells pairs apart that differ by five points beyond chance, all held to one bound', () => {
    const two = [...runs('a', 10), ...runs('b', 0), ...runs('c', 1)]
    const pairs = discrimination(two, ['a', 'b', 'c'])
    expect(pairs.map(({ a, b, toldApart }) => [a, b, toldApart])).toEqual([
      ['a', 'b', true],
      ['a', 'c', true],
      ['b', 'c', false],
    ])
    expect(pairs[0]).toMatchObject({ metric: 'solved', difference: 1, instances: 10 })
    expect(pairs[2]?.visible).toBeGreaterThan(0.1)
  })
})
