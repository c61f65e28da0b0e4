// Findings: grouped by harness and reason, worst first, with the leanest example.
import { describe, expect, it } from 'vitest'
import { cause, likelihood } from '../../reports/findings.ts'
import { type Finding, type RunRecord, report } from '../../reports/index.ts'
import { campaign, failing, options, record } from './records.ts'

const of = (...records: readonly RunRecord[]): readonly Finding[] =>
  report(records, options).findings

const lapse = (n: number) => ({ id: `j/step/${n}/lapse`, value: 'phantom-tool', p: 0.1 })

describe('findings', () => {
  it('say how many of the exposed runs show it', () => {
    const hazards = { placed: 1, met: 1 }
    const runs = [0, 1, 2].map((instance) => record({ instance, ...hazards }))
    const shown = failing('twice', 'pays twice', { instance: 3, ...hazards })
    const harmless = record({ instance: 4, placed: 0 })
    const elsewhere = record({ scenario: 'isolation/x', ...hazards })
    expect(of(...runs, shown, harmless, elsewhere)).toMatchObject([
      { harness: 'loop', reason: 'twice', sentence: 'pays twice', shown: 1, exposed: 4 },
    ])
  })

  it('count no runs that were drawn with other parameters, in which it was never seen', () => {
    const twin = [0, 1, 2].map((i) =>
      record({ instance: i, params: { attack: 0 }, id: `twin ${i}` }),
    )
    const runs = [1, 2].map((instance) => record({ instance, params: { attack: 5 } }))
    const shown = failing('hijacked', 'obeys', { params: { attack: 5 } })
    expect(of(...twin, ...runs, shown)).toMatchObject([{ shown: 1, exposed: 3 }])
    const also = failing('hijacked', 'obeys', { params: { attack: 0 }, instance: 3, id: 'twin 3' })
    expect(of(...twin, ...runs, shown, also)).toMatchObject([{ shown: 2, exposed: 7 }])
  })

  it('take the example with the fewest departures, then the smallest id', () => {
    const many = failing('x', 'x', { id: 'a', decisions: [lapse(1), lapse(2)] })
    const few = failing('x', 'x', { id: 'c', decisions: [lapse(1)], instance: 1 })
    const same = failing('x', 'x', { id: 'b', decisions: [lapse(1)], instance: 2 })
    expect(of(many, few, same)).toMatchObject([{ example: 'b', lapses: 1, faults: 0 }])
  })

  it('count no samples and no choices among equals, and a lapse with its details once', () => {
    const decisions = [
      { id: 'j/pay/1/lapse', value: 'phantom-tool', p: 0.1 },
      { id: 'j/pay/1/phantom-tool/name', value: 'pay_v2', p: 0.2 },
      { id: 'j/know-rate/1/forgets', value: true, p: 0.2 },
      { id: 'j/call#2/landed', value: true, p: 0.5 },
      { id: 'j/generate#3', value: 812, p: null },
      { id: 'j/know-style/1/chooses', value: 'rich', p: 0.5 },
      { id: 'j/note/2/same', value: true, p: 0.9 },
    ]
    const [found] = of(failing('x', 'x', { decisions }))
    expect(found).toMatchObject({ lapses: 2, faults: 1 })
  })

  it('say what most runs say', () => {
    const says = ['pays ACME twice', 'pays ZORG twice', 'pays ZORG twice']
    const runs = says.map((text, instance) => failing('twice', text, { instance }))
    expect(of(...runs)[0]?.sentence).toBe('pays ZORG twice')
  })

  it('put crashes before what is stuck, that before failures, and the likelier first', () => {
    const crash = record({ verdict: 'crash', reason: 'hung', instance: 90 })
    const stuck = record({ verdict: 'stuck', reason: 'deadlock', instance: 91 })
    const rare = failing('rare', 'x', { instance: 92 })
    const order = of(...campaign('loop', 2, 5), rare, stuck, crash).map(({ reason }) => reason)
    expect(order).toEqual(['hung', 'deadlock', 'ledger-wrong', 'rare'])
  })

  it('take throws that differ by a number for one, and put bounds in words', () => {
    const threw = [17, 4].map((n, instance) =>
      record({ verdict: 'crash', reason: `threw: no file ${n}`, instance }),
    )
    const stuck = record({ verdict: 'stuck', reason: '200 requests', instance: 9 })
    expect(of(...threw, stuck)).toMatchObject([
      { shown: 2, sentence: 'crash: threw: no file 17' },
      { shown: 1, sentence: 'has no answer after 200 requests' },
    ])
    expect(of(failing('t-1', 'x'), failing('t-2', 'y', { instance: 1 }))).toHaveLength(2)
  })

  it('leave controls, passes, errors and skips out', () => {
    const none = [
      failing('x', 'x', { harness: 'idle' }),
      record(),
      record({ instance: 1, verdict: 'error' }),
      record({ instance: 2, verdict: 'skip' }),
    ]
    expect(of(...none)).toEqual([])
  })

  it('give the line that replays the example, quoted for the shell', () => {
    const [found] = of(failing('x', 'x', { id: "a/b[k=1]@0.0:h'x:typical:1" }))
    expect(found?.replay).toBe(`npx enosys replay 'a/b[k=1]@0.0:h'\\''x:typical:1' --strace`)
    const own = { ...options, command: (verb: string, id: string) => `${verb} <${id}>` }
    expect(report([failing('x', 'x', { id: 'i' })], own).findings[0]?.replay).toBe('replay <i>')
  })
})

describe('what is printed', () => {
  const five = (harness: string): RunRecord[] =>
    ['a', 'b', 'c', 'd', 'e'].map((reason, instance) =>
      failing(reason, reason, { harness, instance }),
    )
  const printed = (findings: readonly Finding[]): string[] =>
    findings.filter(({ headline }) => headline).map(({ harness }) => harness)

  it('is three for each harness of the user, and of no other', () => {
    const names = printed(of(...five('./a.ts#1'), ...five('./b.ts#2'), ...five('micro')))
    expect(names.filter((name) => name === './a.ts#1')).toHaveLength(3)
    expect(names.filter((name) => name === './b.ts#2')).toHaveLength(3)
    expect(names).toHaveLength(6)
  })

  it("is nothing of others where the user's harness has none", () => {
    expect(printed(of(record({ harness: './a.ts#1' }), ...five('micro')))).toEqual([])
  })

  it('is six in all where there is none of the user', () => {
    expect(printed(of(...five('loop'), ...five('micro')))).toHaveLength(6)
  })

  it('is one for a reason, of the profile where it is likelier', () => {
    const both = [...campaign('loop', 9, 10), ...campaign('loop', 1, 10, { profile: 'hostile' })]
    const findings = of(...both)
    expect(findings).toHaveLength(2)
    expect(findings.filter(({ headline }) => headline)).toMatchObject([{ profile: 'hostile' }])
  })
})

it('puts odds in words', () => {
  expect(likelihood({ shown: 1, exposed: 31 })).toBe('about 1 in 31 runs')
  expect(likelihood({ shown: 9, exposed: 20 })).toBe('about 1 in 2 runs')
  expect(likelihood({ shown: 39, exposed: 40 })).toBe('about 9 in 10 runs')
  expect(likelihood({ shown: 40, exposed: 40 })).toBe('in all 40 runs')
  const none = { lapses: 0, faults: 0, placed: false, dropped: false }
  expect(cause(none)).toBe('no lapse and no fault: by design')
  expect(cause({ ...none, dropped: true })).toBe('the window alone')
  expect(cause({ ...none, placed: true })).toBe('the placed hazard alone')
  expect(cause({ ...none, lapses: 9, placed: true })).toBe('the placed hazard, several lapses')
  expect(cause({ ...none, lapses: 2, faults: 1 })).toBe('2 lapses, 1 fault')
})
