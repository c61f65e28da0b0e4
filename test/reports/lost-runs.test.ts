// Runs of which nothing is known, as they hung or ran out of memory, and those that were then not made: a harness
// must not look the better for them.
import { describe, expect, it } from 'vitest'
import { command } from '../../reports/command.ts'
import { curve } from '../../reports/curve.ts'
import { findings } from '../../reports/findings.ts'
import { type Metric, type Report, type RunRecord, report } from '../../reports/index.ts'
import { primary } from '../../reports/primary.ts'
import { givenUp } from '../../reports/units.ts'
import { brokenRecord } from '../../testbed/broken.ts'
import { campaign, options, record } from './records.ts'

const lost = (
  instance: number,
  of: Partial<Pick<RunRecord, 'harness' | 'scenario' | 'verdict' | 'reason'>> = {},
): RunRecord => {
  const { verdict = 'crash', reason = 'hung', ...rest } = of
  const spec = { ...record({ instance, ...rest }), params: {} }
  const { scenario, harness, profile, seed, trial } = spec
  const run = { scenario, params: {}, instance, trial, harness, profile, seed }
  return brokenRecord(run, verdict, reason)
}
const notMade = (instance: number, of: Parameters<typeof lost>[1] = {}): RunRecord =>
  lost(instance, { ...of, verdict: 'skip', reason: givenUp(3) })

const of = (...records: readonly RunRecord[]): Report => report(records, options)

function cellOf(made: Report, column: string, harness = 'loop'): number | null | undefined {
  const [table] = made.tables
  const place = table?.columns.findIndex(({ id }) => id === column) ?? -1
  return table?.rows.find((row) => row.harness === harness)?.cells[place]?.value
}

/** Two runs that went well, and eight of which nothing is known. */
const good = campaign('loop', 2, 2)
const eight = Array.from({ length: 8 }, (_, i) => i + 2)

describe.each([
  ['hung', eight.map((i) => lost(i))],
  ['out of memory', eight.map((i) => lost(i, { reason: 'out of memory' }))],
  ['not made after hangs', eight.map((i) => (i < 5 ? lost(i) : notMade(i)))],
])('runs that are %s', (_what, runs) => {
  it('count as lost, in shares of which more is better, too', () => {
    const made = of(...good, ...runs)
    expect(cellOf(made, 'solved')).toBeCloseTo(0.2, 12)
    expect(cellOf(made, 'usable-recall')).toBeCloseTo(0.2, 12)
    expect(made.tables[0]?.rows[0]).toMatchObject({ runs: 10, instances: 10 })
    for (const run of runs) expect(primary(run)).toBe(0)
  })

  it('stand in comparisons as lost', () => {
    const made = of(...good, ...runs, ...campaign('micro', 10, 10))
    expect(made.tables[0]?.comparisons).toMatchObject([
      { a: 'micro', b: 'loop', instances: 10, difference: 0.8 },
    ])
  })

  it('are told in a note', () => {
    const [note, ...others] = of(...good, ...runs, ...campaign('micro', 1, 10)).notes
    expect(others).toEqual([])
    expect(note).toMatch(/^loop: \d runs could not be measured \((hung|out of memory)\)/)
    expect(note).toContain('counts as not solved')
  })

  it('cost what the others cost in the mean', () => {
    expect(cellOf(of(...good), 'tokens-per-solved')).toBe(1_000)
    expect(cellOf(of(...good, ...runs), 'tokens-per-solved')).toBe(5_000)
  })
})

describe('a run that could not be measured', () => {
  it('has no share that no other run of its scenario has', () => {
    const elsewhere = lost(3, { scenario: 'compaction/long-haul' })
    expect(cellOf(of(...good, elsewhere), 'usable-recall')).toBe(1)
    const other = { harness: 'micro', scenario: 'compaction/long-haul' }
    const known = record({ ...other, metrics: { 'usable-recall': 1 } })
    expect(cellOf(of(...good, elsewhere, known), 'usable-recall')).toBeCloseTo(2 / 3, 12)
  })

  it('says nothing of counts: they are of the other runs', () => {
    const made = of(...good, lost(2), lost(3))
    expect(cellOf(made, 'repeated-effects')).toBe(100)
    expect(cellOf(made, 'requests')).toBe(5)
  })

  it('does not make two that hang the same', () => {
    const both = ['a', 'b'].flatMap((harness) => [lost(0, { harness }), lost(1, { harness })])
    expect(of(...both).tables[0]?.comparisons).toMatchObject([{ equal: false, difference: 0 }])
  })

  it('is lost in a curve as well', () => {
    const metric = options.metrics.get('usable-recall') as Metric
    const runs = [...good, ...eight.map((i) => lost(i))]
    const drawn = curve(runs, {
      ...{ scenario: 'compaction/ledger', parameter: 'distance', profile: 'typical' },
      ...{ harnesses: ['loop'], controls: new Set<string>(), values: [1] },
      metric: ['usable-recall', metric],
      atOf: () => 1,
    })
    expect(drawn.points[0]).toMatchObject({ instances: 10 })
    expect(drawn.points[0]?.value).toBeCloseTo(0.2, 12)
  })
})

describe('a run that was not made', () => {
  it('is no finding, and none of the runs that a finding is about', () => {
    const found = findings([...good, lost(2), lost(3), lost(4), notMade(5), notMade(6)], command)
    expect(found).toMatchObject([{ reason: 'hung', shown: 3, exposed: 5 }])
  })

  it('is told by its number', () => {
    const runs = [lost(2), lost(3), lost(4), notMade(5), notMade(6)]
    expect(of(...good, ...runs).notes[0]).toMatch(
      /^loop: 3 runs could not be measured \(hung\), and after so many hung ones 2 were not made\. /,
    )
  })

  it('is not taken for one that does not apply', () => {
    const apart = lost(2, {
      verdict: 'skip',
      reason: 'needs tools that a real harness does not have',
    })
    const made = of(...good, apart)
    expect(cellOf(made, 'solved')).toBe(1)
    expect(made.notes).toEqual([])
  })
})
