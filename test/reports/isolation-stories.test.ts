// How anomalies are told and counted: by titles, in the order of time, and in the metrics that add them up.
import { describe, expect, it } from 'vitest'
import { type Anomaly, anomaliesOf, KINDS, type Kind } from '../../reports/isolation/anomalies.ts'
import type { Edge } from '../../reports/isolation/graph.ts'
import { type Isolation, storiesOf } from '../../reports/isolation/index.ts'
import { storyOf, titleOf } from '../../reports/isolation/story.ts'
import type { MeasuredRun, Metric } from '../../reports/metric.ts'
import anomalies from '../../reports/metrics/anomalies.ts'
import dirty from '../../reports/metrics/anomalies-dirty.ts'
import phantom from '../../reports/metrics/anomalies-phantom.ts'
import readSkew from '../../reports/metrics/anomalies-read-skew.ts'
import stale from '../../reports/metrics/anomalies-stale.ts'
import writeSkew from '../../reports/metrics/anomalies-write-skew.ts'
import pairs from '../../reports/metrics/isolation-pairs.ts'
import lostUpdates from '../../reports/metrics/lost-updates.ts'
import { history } from './isolation-notation.ts'

const told = (text: string): Anomaly[] => anomaliesOf(history(text))

/** Where it is told, the title, and how the story ends. */
type Case = readonly [text: string, title: string, end: string]

const TITLES: readonly Case[] = [
  ['r1(x0) r2(x0) w2(x2) c2 w1(x1) c1', 'lost update (P4)', '- x2'],
  [
    'r1(x0) r1(y0) r2(x0) r2(y0) w1(y1) w2(x2) c1 c2',
    'write skew (G2-item)',
    'each went by what another then changed: done one after the other, it ends otherwise',
  ],
  [
    'r2(x0) r2(y0) r1(y0) w1(y1) c1 r3(x0) r3(y1) c3 w2(x2) c2',
    'anti-dependency cycle (G2-item)',
    'each went by what another then changed: done one after the other, it ends otherwise',
  ],
  [
    'p1(a0,b0) p2(a0,b0) w1(a1*) w2(b2*) c1 c2',
    'phantom (G2)',
    'who looked for files did not go by what others then made or removed',
  ],
  [
    'r3(y0) r4(x0) w1(x1) c1 w2(y2) c2 r3(x1) r4(y2) c3 c4',
    'long fork (G-nonadjacent)',
    'two saw what others changed in two different orders',
  ],
  [
    'r1(x0) w2(x2) w2(y2) c2 r1(y2) c1',
    'read skew (G-single)',
    'there was no one moment at which T1 could have seen both',
  ],
  [
    'r1(x0) w2(x2) c2 r1(x2) c1',
    'non-repeatable read (G-single)',
    'there was no one moment at which T1 could have seen both',
  ],
  [
    'r1(x0) w2(x2) w2(y2) c2 w1(y1) c1',
    'anti-dependency cycle (G-single)',
    'T1 went by what T2 then replaced, and wrote over what T2 made: it comes first, and last',
  ],
  [
    'p1(x0) w2(y2*) r2(z0) w2(z2) c2 r1(z2) c1',
    'phantom (G-single)',
    'who looked for files did not go by what others then made or removed',
  ],
  [
    'w1(x1) r2(x1) a1 c2',
    'aborted read (G1a)',
    'T2 went by what T1 wrote before it was taken back',
  ],
  [
    'w1(x1.1) r2(x1.1) w1(x1.2) c1 c2',
    'intermediate read (G1b)',
    'T2 went by what T1 itself then wrote over',
  ],
  [
    'w1(x1) w2(y2) r1(y2) r2(x1) c1 c2',
    'circular information flow (G1c)',
    'each went by what another had not finished',
  ],
  [
    'w1(x1) w2(x2) w2(y2) c2 w1(y1) c1',
    'dirty write (G0)',
    'what they wrote is mixed: each has the last word somewhere',
  ],
  [
    'r2(x0) w1(x1) c1 w3(y3) c3 r2(y3) c2',
    'order against time (G-realtime)',
    'T1 had ended when T3 began',
  ],
  [
    'w1(x1) c1 r2(x0) c2',
    'stale read',
    'T1 had ended when T2 began, which went by what was before',
  ],
]

describe('a story', () => {
  it.each(TITLES)('of %s is called %s', (text, title, end) => {
    const [first] = told(text)
    if (first === undefined) throw new Error('there is nothing to tell')
    expect(titleOf(first)).toBe(title)
    const lines = storyOf(first).trimEnd().split('\n')
    expect(lines[0]).toBe(title)
    expect(lines.at(-1)?.trim()).toBe(end)
  })

  it('tells all kinds that there are', () => {
    const kinds = TITLES.map(([text]) => told(text)[0]?.kind)
    expect(new Set(kinds)).toEqual(new Set(KINDS))
  })

  it('is in the order of time, tells each act once, and ends where it began', () => {
    const [first] = told('r1(x0) w2(x2) w2(y2) c2 r1(y2) c1')
    expect(storyOf(first as Anomaly)).toBe(
      [
        'read skew (G-single)',
        '  0.001 s  T1  finds no x',
        '  0.002 s  T2  writes x v2',
        '  0.003 s  T2  writes y v3',
        '  0.005 s  T1  reads y v3',
        '  cycle: T1 -rw-> T2 -wr-> T1',
        '  there was no one moment at which T1 could have seen both',
        '',
      ].join('\n'),
    )
  })

  it('of a lost update says what was not seen, and what is gone of it, at most three lines', () => {
    const [first] = told('r1(x0) r2(x0) w2(x2) c2 w1(x1) c1')
    const { lost } = first as Anomaly
    const text = ['one', '', ...'abcd'].map((line) => line.repeat(40)).join('\n')
    Object.assign(lost?.version ?? {}, { text })
    const story = storyOf(first as Anomaly)
    expect(story).toContain('T1  writes x v5 over v3, which it has not seen')
    expect(story).toContain('  lost, of what T2 wrote:\n')
    expect(story).toContain(`  - ${'one'.repeat(40).slice(0, 71)}…\n`)
    expect(story).toMatch(/\n {2}- a+\n {2}- b+\n {4}and 2 lines more\n$/)
  })

  it('is told of the first of each kind, and the rest is counted by title', () => {
    const [skew] = told('r1(x0) w2(x2) c2 r1(x2) c1')
    const [stale] = told('w1(x1) c1 r2(x0) c2')
    const all = [skew, skew, stale].flatMap((one) => (one === undefined ? [] : { ...one }))
    const stories = storiesOf(all)
    expect(stories.length).toBe(3)
    expect(stories[2]).toBe('1 more: 1 non-repeatable read (G-single)\n')
    expect(storiesOf(all.slice(1))).toHaveLength(2)
  })
})

describe('metrics', () => {
  const one = (kind: Kind, isPredicate = false): Anomaly => ({ kind, isPredicate, cycle: [] })
  const BY_LOOKS: readonly Kind[] = [
    'G1a',
    'G1b',
    'G-single',
    'G-nonadjacent',
    'G-realtime',
    'stale-read',
    'G2',
  ]
  const ALL = [
    ...KINDS.filter((kind) => kind !== 'G2').map((kind) => one(kind)),
    ...BY_LOOKS.map((kind) => one(kind, true)),
  ]

  const run = (isolation: Isolation, trace: readonly unknown[] = [{}]): MeasuredRun =>
    ({ trace, isolation: () => isolation }) as unknown as MeasuredRun

  /** Of each kind, whether it is counted of items and of predicates. */
  const COUNTED: readonly (readonly [string, Metric, (one: Anomaly) => boolean])[] = [
    ['anomalies', anomalies, () => true],
    ['lost-updates', lostUpdates, ({ kind }) => kind === 'lost-update'],
    ['anomalies-dirty', dirty, ({ kind }) => ['G0', 'G1a', 'G1b', 'G1c'].includes(kind)],
    [
      'anomalies-read-skew',
      readSkew,
      ({ kind, isPredicate }) => ['G-single', 'G-nonadjacent'].includes(kind) && !isPredicate,
    ],
    ['anomalies-write-skew', writeSkew, ({ kind }) => kind === 'G2-item'],
    [
      'anomalies-phantom',
      phantom,
      ({ kind, isPredicate }) => isPredicate && ['G-single', 'G-nonadjacent', 'G2'].includes(kind),
    ],
    ['anomalies-stale', stale, ({ kind }) => ['stale-read', 'G-realtime'].includes(kind)],
  ]

  it.each(COUNTED)('%s counts its own, and nothing else', (_name, metric, isCounted) => {
    for (const anomaly of ALL) {
      const isolation = { anomalies: [anomaly, anomaly], pairs: 1, level: 3 }
      const counted = metric.measure(run(isolation))
      expect(counted, `${anomaly.kind} ${anomaly.isPredicate}`).toBe(isCounted(anomaly) ? 2 : 0)
    }
  })

  it.each([...COUNTED.map(([name, metric]) => [name, metric] as const), ['pairs', pairs] as const])(
    '%s has no value where nothing ran',
    (_name, metric) => {
      expect(metric.measure(run({ anomalies: [], pairs: 0, level: null }, []))).toBe(null)
    },
  )

  it('every anomaly is in one of the details, and in no two', () => {
    const details = COUNTED.slice(1).map(([, metric]) => metric)
    for (const anomaly of ALL) {
      const isolation = { anomalies: [anomaly], pairs: 1, level: 3 }
      const sum = details.reduce((all, metric) => all + (metric.measure(run(isolation)) ?? 0), 0)
      expect(sum, `${anomaly.kind} ${anomaly.isPredicate}`).toBe(1)
    }
  })

  it('pairs are those that were tried', () => {
    expect(pairs.measure(run({ anomalies: [], pairs: 3, level: 7 }))).toBe(3)
  })
})

it('a cycle is closed: each edge begins where the last one ends', () => {
  for (const [text] of TITLES) {
    const [{ cycle } = { cycle: [] }] = told(text)
    const ends = cycle.map(({ to }: Edge) => to.id)
    if (cycle.length > 1)
      expect(cycle.map(({ from }) => from.id)).toEqual([ends.at(-1), ...ends.slice(0, -1)])
  }
})
