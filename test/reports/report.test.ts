// What a report says of small campaigns, reckoned by hand.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cell } from '../../reports/format.ts'
import {
  type Metric,
  type Report,
  type RunRecord,
  report,
  type Table,
} from '../../reports/index.ts'
import { notApart } from '../../reports/wording.ts'
import { campaign, failing, options, record } from './records.ts'

const of = (...records: readonly RunRecord[]): Report => report(records, options)

function tableOf(made: Report, family: string, profile = 'typical'): Table {
  const found = made.tables.find((t) => t.family === family && t.profile === profile)
  if (found === undefined) throw new Error(`no table ${family}`)
  return found
}

function cellOf(made: Report, harness: string, column: string): number | null | undefined {
  const { columns, rows } = tableOf(made, 'compaction')
  const place = columns.findIndex(({ id }) => id === column)
  return rows.find((row) => row.harness === harness)?.cells[place]?.value
}

const mixed = [
  ...campaign('clairvoyant', 9, 10),
  ...campaign('idle', 0, 10),
  ...campaign('amnesiac', 1, 10),
  ...campaign('loop', 5, 10),
  ...campaign('micro', 7, 10),
  ...campaign('micro', 2, 4, { scenario: 'isolation/lost-update', profile: 'hostile' }),
  ...campaign('micro', 3, 4, { profile: 'flawless' }),
]

describe('report', () => {
  it('is the same for any order of the records, and for records that came twice', () => {
    const expected = of(...mixed)
    fc.assert(
      fc.property(fc.shuffledSubarray(mixed, { minLength: mixed.length }), (shuffled) => {
        expect(report(shuffled, options)).toEqual(expected)
      }),
      { numRuns: 10 },
    )
    expect(of(...mixed, ...mixed)).toEqual(expected)
  })

  it('changes nothing it is given', () => {
    const before = structuredClone(mixed)
    of(...mixed)
    expect(mixed).toEqual(before)
  })

  it('says nothing of nothing', () => {
    const empty = of()
    expect(empty.tables).toEqual([])
    expect(empty.findings).toEqual([])
    expect(empty.counts.runs).toBe(0)
  })

  it('counts runs and verdicts', () => {
    const { counts } = of(record(), record({ instance: 1, verdict: 'error', inexact: true }))
    expect(counts).toMatchObject({ runs: 2, inexact: 1, verdicts: { pass: 1, error: 1, fail: 0 } })
  })

  it('reports 3,000 records within 2 s', () => {
    const many = Array.from({ length: 12 }, (_, h) =>
      campaign(`h${h}`, 40 + 10 * h, 250, { id: '' }).map((r, i) => ({ ...r, id: `${h} ${i}` })),
    ).flat()
    expect(many).toHaveLength(3_000)
    const start = performance.now()
    of(...many)
    expect(performance.now() - start).toBeLessThan(2_000)
  })
})

describe('a table', () => {
  it('has the ceiling first, the floors last, and between them the best first', () => {
    const rows = tableOf(of(...mixed), 'compaction').rows
    expect(rows.map(({ harness }) => harness)).toEqual([
      'clairvoyant',
      'micro',
      'loop',
      'amnesiac',
      'idle',
    ])
    expect(rows.map(({ place }) => place)).toEqual([
      'ceiling',
      'harness',
      'harness',
      'floor',
      'floor',
    ])
  })

  it('takes the mean over instances, not over runs', () => {
    const once = record({ instance: 0 })
    const thrice = [0, 1, 2].map((trial) => failing('x', 'x', { instance: 1, trial }))
    expect(cellOf(of(once, ...thrice), 'loop', 'solved')).toBe(1 / 2)
  })

  it('takes the same case under other parameters for another instance', () => {
    const far = record({ params: { distance: 4 }, id: 'far' })
    const near = record({ params: { distance: 1 }, id: 'near' })
    const table = tableOf(of(far, near), 'compaction')
    expect(table.rows[0]).toMatchObject({ runs: 2, instances: 2 })
  })

  it('divides the tokens of all runs by those solved', () => {
    expect(cellOf(of(...mixed), 'loop', 'tokens-per-solved')).toBe(2_000)
    expect(cellOf(of(...mixed), 'idle', 'tokens-per-solved')).toBeNull()
  })

  it('scores from floor to ceiling, unclipped, and not where they hardly differ', () => {
    const made = of(...mixed)
    expect(cellOf(made, 'loop', 'score')).toBeCloseTo(4 / 8, 12)
    expect(cellOf(made, 'idle', 'score')).toBeCloseTo(-1 / 8, 12)
    const flat = of(
      ...campaign('clairvoyant', 50, 50),
      ...campaign('amnesiac', 48, 50),
      ...campaign('loop', 9, 50),
    )
    expect(cellOf(flat, 'loop', 'score')).toBeNull()
    expect(cellOf(of(...campaign('loop', 5, 10)), 'loop', 'score')).toBeNull()
  })

  it('scores on the instances that all three have', () => {
    const two = [...campaign('clairvoyant', 2, 2), ...campaign('amnesiac', 0, 2)]
    expect(cellOf(of(...two, ...campaign('loop', 1, 10)), 'loop', 'score')).toBe(1 / 2)
  })

  it('tells counts of a hundred runs where a metric says so, and means else', () => {
    expect(cellOf(of(...mixed), 'loop', 'usable-recall')).toBe(0.5)
    const counts = (harness: string, runs: number): RunRecord[] =>
      campaign(harness, 0, runs).map((run, i) => ({
        ...run,
        metrics: { ...run.metrics, 'repeated-effects': Number(i % 5 === 0) },
      }))
    // Whoever made more runs does not have more of it.
    const made = of(...counts('loop', 40), ...counts('micro', 5))
    expect(cellOf(made, 'loop', 'repeated-effects')).toBe(20)
    expect(cellOf(made, 'micro', 'repeated-effects')).toBe(20)
    const seven = campaign('loop', 0, 100).map((run, i) => ({
      ...run,
      metrics: { 'repeated-effects': Number(i < 7) },
    }))
    expect(cellOf(of(...seven), 'loop', 'repeated-effects')).toBe(7)
  })

  it('takes the least of all runs where a metric says so, and calls it by its name', () => {
    const level: Metric = {
      ...{ title: 'level', about: 'what holds', unit: 'count', better: 'more' },
      ...{ restsOn: 'mechanism', cell: 'least', names: ['none', 'some', 'all'] },
      measure: () => null,
    }
    const runs = [2, 2, 1, 2].map((value, instance) =>
      record({ instance, metrics: { level: value } }),
    )
    const made = report(runs, { ...options, metrics: new Map([['level', level]]) })
    expect(cellOf(made, 'loop', 'level')).toBe(1)
    const { columns, rows } = tableOf(made, 'compaction')
    const place = columns.findIndex(({ id }) => id === 'level')
    const [value, column] = [rows[0]?.cells[place], columns[place]]
    expect(value && column && cell(value, column)).toBe('some')
  })

  it('has columns for its own family only, and none without a figure', () => {
    const made = report(mixed, {
      ...options,
      metrics: new Map(
        [...options.metrics].map(([id, m]) => [id, { ...m, families: ['compaction'] }]),
      ),
    })
    const ids = tableOf(made, 'isolation', 'hostile').columns.map(({ id }) => id)
    expect(ids).toEqual(['solved', 'tokens-per-solved', 'score'])
    const bare = tableOf(of(record()), 'compaction').columns.map(({ id }) => id)
    expect(bare).toEqual(['solved', 'tokens-per-solved', 'score'])
  })

  it('says pass^k where every instance has several trials', () => {
    const trials = [0, 1].map((trial) => record({ trial, id: `${trial}` }))
    expect(tableOf(of(...trials), 'compaction').columns.map(({ title }) => title)).toContain(
      'pass^2',
    )
  })

  it('says pass^k of as many trials as there are of some instance, and leaves out those with fewer', () => {
    const trials = (harness: string, instance: number, verdicts: RunRecord['verdict'][]) =>
      verdicts.map((verdict, trial) =>
        record({ harness, instance, trial, verdict, id: `${harness} ${instance} ${trial}` }),
      )
    const made = of(
      ...trials('loop', 0, ['pass', 'pass', 'pass']),
      ...trials('loop', 1, ['pass', 'pass', 'error']),
      ...trials('micro', 0, ['pass', 'fail', 'pass']),
      ...trials('micro', 1, ['pass', 'pass', 'pass']),
    )
    expect(tableOf(made, 'compaction').columns.map(({ title }) => title)).toContain('pass^3')
    expect(cellOf(made, 'loop', 'pass-k')).toBe(1)
    expect(cellOf(made, 'micro', 'pass-k')).toBe(1 / 2)
  })

  it('counts errors and skips neither for nor against', () => {
    const made = of(
      record({ instance: 0 }),
      record({ instance: 1, verdict: 'error' }),
      record({ instance: 2, verdict: 'skip', reason: 'no payments' }),
    )
    expect(cellOf(made, 'loop', 'solved')).toBe(1)
    expect(tableOf(made, 'compaction').rows[0]?.runs).toBe(1)
    expect(made.errors).toHaveLength(1)
  })

  it('keeps profiles apart, and the control without lapses out', () => {
    const made = of(...mixed)
    expect(made.tables.map(({ family, profile }) => `${family} ${profile}`)).toEqual([
      'compaction typical',
      'isolation hostile',
    ])
    expect(made.flawless).toMatchObject([{ harness: 'micro', solved: 3 / 4, profile: 'flawless' }])
    expect(made.findings.map(({ profile }) => profile)).not.toContain('flawless')
  })

  it('takes a campaign without any lapses for its subject', () => {
    const made = of(...campaign('micro', 3, 4, { profile: 'flawless' }))
    expect(made.flawless).toEqual([])
    expect(made.tables).toHaveLength(1)
    expect(made.findings).toHaveLength(1)
  })
})

describe('comparisons', () => {
  it('tell designs apart that differ enough, and no controls', () => {
    const { comparisons } = tableOf(
      of(...campaign('a', 40, 40), ...campaign('b', 10, 40), ...campaign('idle', 0, 40)),
      'compaction',
    )
    expect(comparisons).toHaveLength(1)
    expect(comparisons[0]).toMatchObject({
      a: 'a',
      b: 'b',
      toldApart: true,
      instances: 40,
      more: null,
    })
    expect(comparisons[0]?.difference).toBeCloseTo(0.75, 12)
  })

  it('give p = 1 to identical designs, and no hope', () => {
    const [same] = tableOf(
      of(...campaign('a', 5, 10), ...campaign('b', 5, 10)),
      'compaction',
    ).comparisons
    expect(same).toMatchObject({ p: 1, adjusted: 1, toldApart: false, equal: false, more: null })
  })

  it('say that one design under two names is the same, and only then', () => {
    const renamed = campaign('a', 5, 10).map((run) => ({ ...run, id: `${run.id} b`, harness: 'b' }))
    const equal = (runs: readonly RunRecord[]): boolean | undefined =>
      tableOf(of(...campaign('a', 5, 10), ...runs), 'compaction').comparisons[0]?.equal
    expect(equal(renamed)).toBe(true)
    expect(equal(renamed.with(3, { ...renamed[3], digest: 'another' } as RunRecord))).toBe(false)
    expect(equal(renamed.slice(1))).toBe(false)
  })

  it('name designs that are the same first, and all of them', () => {
    const as = (harness: string): RunRecord[] =>
      campaign('a', 5, 10).map((run) => ({ ...run, id: `${run.id} ${harness}`, harness }))
    const others = ['e', 'f', 'g'].flatMap((harness, i) => campaign(harness, 4 + i, 10))
    const said = notApart(tableOf(of(...as('a'), ...as('b'), ...as('d'), ...others), 'compaction'))
    expect(said).toMatch(/^the same in every run: a = b = d; not told apart: /)
    expect(notApart(tableOf(of(...as('a')), 'compaction'))).toBeUndefined()
  })

  it('correct for their number', () => {
    const three = of(...campaign('a', 10, 12), ...campaign('b', 4, 12), ...campaign('c', 3, 12))
    for (const { p, adjusted } of tableOf(three, 'compaction').comparisons)
      expect(adjusted).toBeGreaterThanOrEqual(p)
    const [wide] = tableOf(three, 'compaction').comparisons
    // Six differences of one sign: 2 / 2^6. With two wider or equal tests beside it, three times
    // that.
    expect(wide).toMatchObject({ p: 2 / 64, toldApart: false })
  })

  it('are on the primary metric, held to one bound over all families, and at least five points', () => {
    const recalls = (harness: string, share: number): RunRecord[] =>
      campaign(harness, 12, 12).map((run) => ({
        ...run,
        metrics: { ...run.metrics, 'usable-recall': share },
      }))
    const two = [...recalls('a', 0.9), ...recalls('b', 0.6)]
    const alone = tableOf(of(...two), 'compaction')
    expect(alone.primary).toBe('usable-recall')
    const [first] = alone.comparisons
    expect(first).toMatchObject({ p: 2 ** -11, adjusted: 2 ** -11, toldApart: true })
    const scenario = 'isolation/lost-update'
    const others = ['a', 'b', 'c'].flatMap((harness) => campaign(harness, 6, 12, { scenario }))
    const beside = tableOf(of(...two, ...others), 'compaction').comparisons[0]
    expect(beside?.adjusted).toBeCloseTo(4 * 2 ** -11, 12)
    const close = tableOf(of(...recalls('a', 0.9), ...recalls('b', 0.86)), 'compaction')
    expect(close.comparisons[0]).toMatchObject({ adjusted: 2 ** -11, toldApart: false, more: null })
  })
})
