// What a report says was not tested: what a scenario is about never came up in a run of a harness that is no control.
import { describe, expect, it } from 'vitest'
import { type RunRecord, report } from '../../reports/index.ts'
import { notTested } from '../../reports/wording.ts'
import { options, record } from './records.ts'

const CONTROLS = [...options.controls]

/** As a report says it: `scenario`, or `scenario (harness)` where it came up in others. */
function untested(...records: readonly RunRecord[]): readonly string[] {
  const [table, ...others] = report(records, options).tables
  expect(others).toEqual([])
  const [, said = ''] = (table && notTested(table)?.split('never came up: ')) ?? []
  return said === '' ? [] : said.split(', ')
}

describe('a hazard', () => {
  const scenario = 'isolation/lost-update'
  const ran = (harness: string, met: number, of: Partial<RunRecord> = {}): RunRecord =>
    record({ scenario, harness, placed: 2, met, ...of })

  it('that no run met is told, and one that a run met is not', () => {
    expect(untested(ran('loop', 0))).toEqual([scenario])
    expect(untested(ran('loop', 0), ran('loop', 1, { instance: 1 }))).toEqual([])
    expect(untested(ran('loop', 0), ran('micro', 1))).toEqual([])
    expect(untested(record({ scenario }))).toEqual([])
  })

  it('that controls alone met was not tested, unless there is nobody else', () => {
    for (const control of CONTROLS) {
      expect(untested(ran('loop', 0), ran(control, 2))).toEqual([scenario])
      expect(untested(ran(control, 2))).toEqual([])
      expect(untested(ran('loop', 1), ran(control, 0))).toEqual([])
    }
  })

  it('is told by the scenario', () => {
    const other = { scenario: 'isolation/write-skew' }
    expect(untested(ran('loop', 0), ran('loop', 1, other))).toEqual([scenario])
  })
})

describe('a loss', () => {
  const kept = (retention: number | null, of: Partial<RunRecord> = {}): RunRecord =>
    record({ metrics: { retention, requests: 5 }, ...of })

  it('is what compaction is about: where no conversation lost anything, nothing was tested', () => {
    expect(untested(kept(null), kept(null, { harness: 'micro' }))).toEqual(['compaction/ledger'])
    expect(untested(kept(null), kept(0, { instance: 1 }))).toEqual([])
  })

  it('is each harness its own: those are named in whom there was none', () => {
    const micro = kept(1, { harness: 'micro' })
    expect(untested(kept(null), micro)).toEqual(['compaction/ledger (loop)'])
    expect(untested(kept(0), micro)).toEqual([])
  })

  it('of a control is none of a harness', () => {
    for (const harness of CONTROLS)
      expect(untested(kept(null), kept(0, { harness }))).toEqual(['compaction/ledger'])
  })

  it('is no question of other families', () => {
    expect(untested(kept(null, { scenario: 'isolation/lost-update' }))).toEqual([])
    expect(untested(kept(null, { scenario: 'generic+compaction/ledger' }))).toEqual([])
  })

  it('is said below the table', () => {
    const [table] = report([kept(null)], options).tables
    expect(table && notTested(table)).toBe(
      'not tested, as what it is about never came up: compaction/ledger',
    )
  })
})
