// Portability is told of what was seen under several profiles; cost, where the user says what tokens cost.
import { describe, expect, it } from 'vitest'
import { type RunRecord, report } from '../../reports/index.ts'
import { costOf } from '../../reports/prices.ts'
import { campaign, options, record } from './records.ts'

const under = (profile: string, passed: number): RunRecord[] =>
  campaign('micro', passed, 10, { profile }).map((run) => ({ ...run, id: `${run.id}${profile}` }))

describe('portability', () => {
  it('is what is kept of the best profile under the worst', () => {
    const { portability } = report([...under('a', 8), ...under('b', 2), ...under('c', 5)], options)
    expect(portability).toEqual([
      { family: 'compaction', harness: 'micro', worst: 'b', best: 'a', ratio: 0.25 },
    ])
  })

  it('is not there with one profile, nor for controls, and of nothing there is no share', () => {
    expect(report(under('a', 8), options).portability).toEqual([])
    const control = campaign('idle', 1, 4, { profile: 'b' })
    expect(report([...campaign('idle', 0, 4), ...control], options).portability).toEqual([])
    const none = report([...under('a', 0), ...under('b', 0)], options).portability
    expect(none).toMatchObject([{ ratio: null }])
  })
})

describe('cost', () => {
  const metrics = { 'input-tokens': 2_000_000, 'cached-share': 0.25, 'output-tokens': 100_000 }
  const prices = { input: 4, cached: 1, output: 20 }

  it('counts fresh input, cached input and output, each at its price', () => {
    expect(costOf(record({ metrics }), prices)).toBeCloseTo(1.5 * 4 + 0.5 + 2, 12)
    expect(costOf(record({ metrics: {} }), prices)).toBeNull()
  })

  it('is all that was paid, by the jobs solved, and absent without prices', () => {
    const runs = campaign('micro', 2, 4).map((run) => ({ ...run, metrics }))
    const cellOf = (of: typeof options): unknown => {
      const [table] = report(runs, of).tables
      const at = table?.columns.findIndex(({ id }) => id === 'cost-per-solved') ?? -1
      return at < 0 ? undefined : table?.rows[0]?.cells[at]?.value
    }
    expect(cellOf({ ...options, prices })).toBeCloseTo((4 * 8.5) / 2, 12)
    expect(cellOf(options)).toBeUndefined()
  })
})
