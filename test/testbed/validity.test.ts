// Published contrasts: each is run, with designs and scenarios that exist, and what is said of it is what its
// figures come to. The page is as its data is.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { instanceOf, paramsOf } from '../../scenarios/scenario.ts'
import type { TraceEvent } from '../../sim/index.ts'
import type { Workers } from '../../testbed/campaign.ts'
import { type Published, readPublished } from '../../testbed/published.ts'
import { run } from '../../testbed/run.ts'
import {
  type Compared,
  type Contrast,
  compared,
  contrastsOf,
  isBuiltIn,
  outcomeOf,
  publishedOf,
  type Reading,
  runsOf,
  type Sample,
  sampled,
  told,
} from '../../testbed/validity.ts'
import { edits, MEASURES, measureNamed } from '../../testbed/validity-measures.ts'
import { validityPage } from '../../testbed/validity-page.ts'
import { house } from '../machine/rig.ts'

const DATA = 'docs/validity/contrasts.yaml'
const { contrasts, seed } = contrastsOf(parse(readFileSync(DATA, 'utf8')), DATA)
const published = await readPublished(house.host)
const page = readFileSync('docs/validity.md', 'utf8')

describe('the published contrasts', () => {
  const rows = published.get('contrasts')?.rows ?? []
  const ids = new Set(rows.map(({ condition }) => condition.split('; ')[0] ?? ''))

  it('are all answered, and each figure has a design', () => {
    expect(ids.size).toBe(9)
    const answered = contrasts.map(({ id }) => id)
    expect(new Set(answered)).toEqual(new Set([...ids, 'injection-defences']))
    expect(new Set(answered).size).toBe(answered.length)
    for (const { condition, model } of rows) {
      const [id, name = ''] = condition.split('; ')
      const of = contrasts.find((one) => one.id === id)
      expect(Object.keys(of?.arms ?? {}), condition).toContain(name)
      expect(of?.models.map((one) => one.model)).toContain(model)
    }
  })

  it('are in no fit: no row of theirs is read by an experiment', async () => {
    for (const [id, entry] of await house.catalog.all('experiment'))
      expect((entry as { tables: readonly string[] }).tables, id).not.toContain('contrasts')
  })

  it('say in their source which paper each figure is of', () => {
    const text = readFileSync('testbed/published/contrasts.yaml', 'utf8')
    expect(text.match(/^ {2}- \{/gm)).toHaveLength(rows.length)
    expect(text.match(/paper: "[^"]+"/g)).toHaveLength(rows.length)
  })
})

describe.each(contrasts.map((of) => [of.id, of] as const))('%s', (_, of) => {
  it('compares what is published, under profiles that exist', async () => {
    for (const model of of.models) {
      await house.profile(model.profile)
      for (const name of of.compare.flat())
        expect(publishedOf(published, of, model, name), `${model.model} ${name}`).toBeTypeOf(
          'number',
        )
    }
    for (const [a, b] of of.builtIn?.compare ?? []) expect(of.compare).toContainEqual([a, b])
  })

  it('has designs, scenarios and measures that exist', async () => {
    for (const { harness, measure = of.measure, params } of Object.values(of.arms)) {
      expect((await house.harness(harness)).kind).toBe('kernel')
      expect(measure in MEASURES || house.metrics.has(measure), measure).toBe(true)
      for (const one of of.cases) {
        const scenario = await house.scenario(one.scenario)
        const set = paramsOf(one.scenario, scenario, { ...one.params, ...params })
        expect(instanceOf(one.scenario, scenario, set, 'a').users.length).toBeGreaterThan(0)
      }
    }
  })

  it('is on the page with the outcome for which its reason was written', () => {
    expect(page).toContain(`\n## ${of.id}: ${of.outcome}\n`)
    expect(page).toContain(of.why.trim())
  })
})

const A_CONTRAST: Contrast = {
  id: 'made-up',
  found: 'A beats b.',
  here: 'nothing.',
  table: 'made',
  measure: 'solved',
  instances: 20,
  cases: [{ scenario: 'compaction/ledger', params: {} }],
  models: [{ model: 'm', profile: 'typical' }],
  arms: { a: { harness: 'loop', params: {} }, b: { harness: 'micro', params: {} } },
  compare: [['a', 'b']],
  outcome: 'sign holds',
  why: 'Because.',
}

const figures = (values: Readonly<Record<string, number>>): Published =>
  new Map([
    [
      'made',
      {
        ...{ source: 's', table: 't', verified: false },
        rows: Object.entries(values).map(([name, value]) => ({
          ...{ model: 'm', condition: `made-up; ${name}`, metric: 'x', value },
        })),
      },
    ],
  ])

/** One number an instance; runs of an arm are its own, unless a name for them is given. */
const sample = (name: string, values: readonly number[]): Sample => ({
  values: new Map(values.map((value, i) => [`0 ${i}`, value])),
  digests: new Map(values.map((_, i) => [`0 ${i}`, `${name}-${i}`])),
})

const MODEL = { model: 'm', profile: 'typical' }
const times = (count: number, value: number): number[] => Array<number>(count).fill(value)
const [ONES, ZEROS] = [times(20, 1), times(20, 0)]

function comparison(
  known: Readonly<Record<string, number>>,
  a: Sample,
  b: Sample,
): Compared | undefined {
  const arms = new Map(Object.entries({ a, b }))
  return compared(A_CONTRAST, MODEL, figures(known), arms)[0]
}

const reading = (...of: Parameters<typeof comparison>): Reading | undefined =>
  comparison(...of)?.reading

describe('a comparison', () => {
  const [better, worse] = [
    { a: 18, b: 12 },
    { a: 12, b: 18 },
  ]

  it('holds where the sign is the published one, and misses where it is the other', () => {
    const [a, b] = [sample('a', ONES), sample('b', [...times(10, 1), ...times(10, 0)])]
    expect(reading(better, a, b)).toBe('holds')
    expect(reading(worse, a, b)).toBe('misses')
    expect(reading(better, b, a)).toBe('misses')
    expect(comparison(better, a, b)).toMatchObject({ published: 6, simulated: 0.5, instances: 20 })
  })

  it('is not told apart where few instances differ, or as many each way', () => {
    const few = sample('b', [...times(18, 1), ...times(2, 0)])
    expect(reading(better, sample('a', ONES), few)).toBe('not told apart')
    const ways = [...times(10, 1), ...times(10, 0)]
    const other = [...times(10, 0), ...times(10, 1)]
    expect(reading(better, sample('a', ways), sample('b', other))).toBe('not told apart')
    expect(reading(better, sample('a', ONES), sample('b', ONES))).toBe('not told apart')
  })

  it('cannot be seen where both do the same, event by event', () => {
    expect(reading(better, sample('same', ONES), sample('same', ONES))).toBe('cannot be seen')
  })

  it('says nothing of instances that only one arm says something of', () => {
    const some = sample('b', ZEROS.slice(0, 6))
    expect(comparison(better, sample('a', ONES), some)).toMatchObject({
      instances: 6,
      simulated: 1,
    })
    expect(comparison(better, sample('a', ONES), sample('b', []))).toMatchObject({
      ...{ simulated: null, reading: 'not told apart' },
    })
  })

  it('of two that are published as the same holds within ten points', () => {
    const same = { a: 100, b: 100 }
    expect(reading(same, sample('a', ONES), sample('b', ONES))).toBe('holds')
    expect(reading(same, sample('a', ONES), sample('b', ZEROS))).toBe('misses')
    const half = sample('b', [...times(17, 1), ...times(3, 0)])
    expect(reading(same, sample('a', ONES), half)).toBe('not told apart')
  })

  it('is corrected for the others of its contrast', () => {
    const of = { ...A_CONTRAST, compare: Array(8).fill(['a', 'b']) as [string, string][] }
    const seven = sample('b', [...times(13, 1), ...times(7, 0)])
    const arms = new Map([
      ['a', sample('a', ONES)],
      ['b', seven],
    ])
    expect(reading(better, sample('a', ONES), seven)).toBe('holds')
    const all = compared(of, MODEL, figures(better), arms)
    expect(all.map((one) => one.reading)).toEqual(Array(8).fill('not told apart'))
  })

  it('without a published figure is an error of ours', () => {
    expect(() => reading({ a: 1 }, sample('a', ONES), sample('b', ONES))).toThrow('no figure')
  })
})

describe('an outcome', () => {
  const of = (...readings: readonly Reading[]): string =>
    outcomeOf(readings.map((one) => ({ reading: one }) as Compared))

  it('is said in a few words', () => {
    expect(of('holds')).toBe('sign holds')
    expect(of('misses')).toBe('misses')
    expect(of('cannot be seen')).toBe('cannot be seen')
    expect(of('not told apart', 'not told apart')).toBe('not told apart')
    expect(of('holds', 'holds')).toBe('order holds in 2 of 2')
    expect(of('holds', 'misses', 'not told apart')).toBe(
      'order holds in 1 of 3, 1 missed, 1 not told apart',
    )
  })

  it('counts what was built in apart', () => {
    const builtIn = { says: 'It was fitted.', compare: [['a', 'b']] as [string, string][] }
    expect(isBuiltIn(A_CONTRAST, { a: 'a', b: 'b' })).toBe(false)
    expect(isBuiltIn({ ...A_CONTRAST, builtIn }, { a: 'a', b: 'b' })).toBe(true)
    expect(isBuiltIn({ ...A_CONTRAST, builtIn }, { a: 'b', b: 'a' })).toBe(false)
    expect(isBuiltIn({ ...A_CONTRAST, builtIn: { says: '' } }, { a: 'b', b: 'a' })).toBe(true)
  })
})

/** Runs in this thread. */
const here = {
  async run(orders, on) {
    for (const order of orders) {
      const { record, trace, after } = await run(order.spec, order.source, house)
      on.done(order, { record, unreached: [], trace, after: after() })
    }
  },
} as Workers

describe('a contrast that is run', () => {
  const small: Contrast = {
    ...A_CONTRAST,
    instances: 2,
    cases: [10, 20].map((distance) => ({
      scenario: 'compaction/nested-keys',
      params: { distance: 100 * distance, items: 1, levels: 1, window: 1_000_000 },
    })),
    models: [{ model: 'm', profile: 'flawless' }],
    measure: 'last-key',
    arms: {
      a: { harness: 'clairvoyant', params: {} },
      b: { harness: 'idle', params: {} },
      edits: { harness: 'clairvoyant', params: {}, measure: 'edits-in-the-end' },
      deeper: { harness: 'clairvoyant', params: { levels: 2 }, measure: 'usable-recall' },
    },
  }

  it('has a number of each case and instance, for each arm by its own measure', async () => {
    let ended = 0
    const samples = await sampled(small, 1, here, () => ended++)
    // Two arms are measured on the same runs.
    expect(ended).toBe(12)
    expect(runsOf(small, 1)).toHaveLength(16)
    const arms = samples.get('m')
    const values = (name: string): unknown => [...(arms?.get(name)?.values ?? [])]
    const keys = ['0 0', '0 1', '1 0', '1 1']
    expect(values('a')).toEqual(keys.map((key) => [key, 1]))
    expect(values('b')).toEqual(keys.map((key) => [key, 0]))
    expect(values('edits')).toEqual(keys.map((key) => [key, 1]))
    expect(values('deeper')).toEqual(keys.map((key) => [key, 1]))
    expect(arms?.get('a')?.digests).toEqual(arms?.get('edits')?.digests)
    expect(new Set(arms?.get('a')?.digests.values()).size).toBe(4)
  })

  it('is told with its figures, its sign and its reason', async () => {
    const samples = await sampled(small, 1, here, () => {})
    const text = validityPage([{ of: small, samples }], figures({ a: 100, b: 0 }))
    expect(text).toContain('## made-up: not told apart\n')
    expect(text).toContain('_This was written when the outcome was: sign holds._')
    expect(text).toContain('| a less b | +100 | +100 (100.0 to 100.0) | 4 |')
    expect(text).toContain('Because.')
    expect(text).toMatch(/^Of 1 published comparisons in 1 contrasts, 0 hold, 0 miss, 1 are not/)
  })

  it('of a run that is an error of ours is none', async () => {
    const of: Contrast = { ...small, cases: [{ scenario: 'compaction/ledger', params: {} }] }
    const broken = {
      async run(orders, on) {
        for (const order of orders) on.lost(order, 'hung')
      },
    } as Workers
    await expect(sampled(of, 1, broken, () => {})).rejects.toThrow('hung')
  })
})

describe('measures', () => {
  const at = 0
  const session = 'j'
  const step = { id: 'w', needs: [], call: { op: 'files.write', args: {} }, effect: 'idempotent' }
  const instance = { programs: [{ name: 'p', facts: {}, steps: [step], answer: '' }], truths: {} }
  const first = { kind: 'instance', at, run: { instance } } as TraceEvent
  const calls = [{ id: 'c', name: 'write_file', args: '{}' }]
  const request = {
    kind: 'request',
    at,
    session,
    purpose: 'work',
    added: [],
  } as unknown as TraceEvent
  const tried = (name: string): TraceEvent[] => [
    request,
    { kind: 'plan', at, session, job: 'j', step: name, occurrence: 1, needs: [], meant: calls },
    { kind: 'generation', at, session, n: 1, content: '', calls } as unknown as TraceEvent,
  ]
  const written = {
    ...{ kind: 'effect', at, session, op: 'files.write', key: 'k', value: 'v', version: 1 },
    previous: 0,
  } as TraceEvent

  it('know attempts at an edit, and whether each came off', () => {
    expect(edits([first, ...tried('w'), ...tried('w'), written, request])).toEqual([[false, true]])
    expect(edits([first, ...tried('w')])).toEqual([[false]])
    expect(edits([first, ...tried('other'), written])).toEqual([])
  })

  it('tell edits after a failure from all', () => {
    const seen = (...trace: readonly TraceEvent[]) => ({ trace, record: {} }) as never
    const after = measureNamed('edits-after-a-failure')
    expect(after.of(seen(first, ...tried('w'), written))).toBeNull()
    expect(after.of(seen(first, ...tried('w'), ...tried('w'), written))).toBe(1)
    expect(after.of(seen(first, ...tried('w')))).toBe(0)
    expect(measureNamed('edits-in-the-end').of(seen(first, ...tried('w'), written))).toBe(1)
  })

  it('tell the right tool from others', () => {
    const wrong = { ...tried('w')[2], calls: [{ id: 'c', name: 'save', args: '{}' }] } as TraceEvent
    const [ask, plan] = tried('w') as [TraceEvent, TraceEvent]
    const seen = { trace: [first, ...tried('w'), ask, plan, wrong], record: {} } as never
    expect(measureNamed('selected').of(seen)).toBe(0.5)
  })

  it('count what was made up against what came back empty', () => {
    const of = (...decisions: readonly object[]) =>
      measureNamed('fabricated').of({ record: { decisions }, trace: [] } as never)
    const hollow = { id: 'j/call#1/hollow-success', value: true }
    expect(of()).toBeNull()
    expect(of(hollow, { ...hollow, id: 'j/call#2/hollow-success' })).toBe(0)
    expect(of(hollow, hollow, { id: 'j/a/1/lapse', value: 'fabricated-result' })).toBe(0.5)
  })

  it('have an interval around their mean', () => {
    expect(told(sample('a', [...ONES, ...ZEROS]), 'x')).toMatchObject({ mean: 0.5 })
    expect(told(sample('a', ONES), 'x').of?.high).toBe(1)
    expect(told(sample('a', []), 'x')).toEqual({ mean: null, of: null })
  })
})

it('data that is not as it has to be is told, with the place', () => {
  expect(() => contrastsOf({ seed, contrasts: [] }, 'x.yaml')).toThrow('x.yaml: contrasts')
  const odd = { ...A_CONTRAST, compare: [['a', 'c']] }
  expect(() => contrastsOf({ seed, contrasts: [odd] }, 'x.yaml')).toThrow("compares 'c', no arm")
})
