// Where a curve falls, and which run is shown of it.
import { expect, it } from 'vitest'
import { type CurveOptions, curve } from '../../reports/curve.ts'
import { fallOf } from '../../reports/fall.ts'
import type { RunRecord } from '../../reports/index.ts'
import { record } from './records.ts'

const atOf: CurveOptions['atOf'] = ({ params }) => params.filler ?? 0

/** By harness, then by value: the instances that pass, of four. */
type Passes = Readonly<Record<string, readonly (readonly number[])[]>>

const runs = (passes: Passes): RunRecord[] =>
  Object.entries(passes).flatMap(([harness, values]) =>
    values.flatMap((passing, at) =>
      [3, 2, 1, 0].map((instance) => {
        const verdict = passing.includes(instance) ? ('pass' as const) : ('fail' as const)
        const id = `s[filler=${at}]@${instance}.0:${harness}:typical:1`
        return record({ id, scenario: 's', harness, instance, params: { filler: at }, verdict })
      }),
    ),
  )

function fell(passes: Passes, of: Partial<RunRecord> = {}) {
  const records = runs(passes).map((run) => ({ ...run, ...of }))
  const harnesses = Object.keys(passes)
  const values = [...new Set(records.map(atOf))]
  const options = { scenario: 's', parameter: 'filler', profile: 'typical', harnesses, values }
  const drawn = curve(records, { ...options, controls: new Set(['idle']), atOf })
  const fall = fallOf(drawn, records, atOf)
  return fall && { from: fall.from?.at, to: fall.to.at, id: fall.run.id, isNew: fall.isNew }
}

it('falls at the deepest step, and shows a case that passed before it', () => {
  const passes = { idle: [[0, 1, 2, 3], []], loop: [[0, 1, 2, 3], [0, 2, 3], [0]] }
  expect(fell(passes)).toEqual({
    from: 1,
    to: 2,
    id: 's[filler=2]@2.0:loop:typical:1',
    isNew: true,
  })
})

it('falls first where several steps are as deep', () => {
  const passes = { loop: [[0, 1], [0, 1], []], micro: [[2, 3], [], []] }
  expect(fell(passes)?.id).toBe('s[filler=1]@2.0:micro:typical:1')
})

it('asks what its user brought alone, where there is such', () => {
  const passes = { loop: [[0, 1, 2, 3], []], './agent.ts#1': [[0, 1], [0]] }
  expect(fell(passes)?.id).toBe('s[filler=1]@1.0:./agent.ts#1:typical:1')
})

it('fails without a fall at the first value at which a run does', () => {
  const passes = {
    loop: [
      [0, 1, 2, 3],
      [0, 1, 2, 3],
    ],
    micro: [
      [0, 2, 3],
      [0, 1, 2, 3],
    ],
  }
  expect(fell(passes)).toEqual({ to: 0, id: 's[filler=0]@1.0:micro:typical:1', isNew: false })
})

it('shows nothing where all passed, or no run can be replayed exactly', () => {
  expect(fell({ loop: [[0, 1, 2, 3]] })).toBeUndefined()
  expect(fell({ loop: [[0, 1], [0]] }, { inexact: true })).toBeUndefined()
})
