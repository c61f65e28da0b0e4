// What a crash cost, of small runs by hand.
import { describe, expect, it } from 'vitest'
import { stepsOver } from '../../reports/crashes.ts'
import resumed from '../../reports/metrics/resumed.ts'
import type { TraceEvent } from '../../sim/index.ts'
import { effect, instance, payment, plan, replied, runOf } from './traces.ts'

const crash: TraceEvent = { at: 0, kind: 'crash', key: 'j/generate#3', landed: [] }
const answer = plan('answer')
const steps = (...trace: TraceEvent[]) => {
  const of = stepsOver(instance, trace)
  return of && [[...of.done], [...of.again]]
}
const share = (...trace: TraceEvent[]) => resumed.measure(runOf(trace))

describe('steps over a crash', () => {
  it('are those that the model had gone on from', () => {
    expect(steps(plan('look'), plan('note'), crash)).toEqual([['j/look'], []])
    expect(steps(plan('look'), plan('look'), crash)).toEqual([[], []])
    expect(steps(plan('look'), answer, crash)).toEqual([['j/look'], []])
  })

  it('are done again where they are planned after it', () => {
    expect(steps(plan('look'), plan('note'), crash, plan('note'))).toEqual([['j/look'], []])
    expect(steps(plan('look'), plan('note'), crash, plan('look'))).toEqual([['j/look'], ['j/look']])
  })

  it('are no turns aside, which belong to no program', () => {
    expect(steps(plan('look'), plan('get-rate'), crash)).toEqual([[], []])
  })

  it('are counted beside each other, by the calls that were meant', () => {
    const both = plan('look', {}, [
      { id: 'j.look.1', name: 'read_file', args: '{}' },
      { id: 'j.note.1', name: 'write_file', args: '{}' },
    ])
    expect(steps(both, plan('pay'), crash)).toEqual([['j/look', 'j/note'], []])
  })

  it('say nothing without a crash, or without a step before it', () => {
    expect(steps(plan('look'), plan('note'))).toBeUndefined()
    expect(share(plan('look'), plan('note'))).toBeNull()
    expect(share(plan('look'), crash, plan('look'))).toBeNull()
  })

  it('make a share of what was kept in jobs that are finished', () => {
    const before = [plan('look'), plan('note'), plan('pay'), crash]
    const end = [effect(), payment(), replied('j')]
    expect(share(...before, ...end)).toBe(1)
    expect(share(...before, plan('pay'), ...end)).toBe(1)
    expect(share(...before, plan('note'), ...end)).toBe(0.5)
    expect(share(...before, plan('look'), plan('note'), ...end)).toBe(0)
  })

  it('are kept for nothing by who gives up after the crash, whatever it says', () => {
    const before = [plan('look'), plan('note'), effect(), plan('pay'), crash]
    expect(share(...before)).toBe(0)
    expect(share(...before, replied('j', 0, 'Done.'))).toBe(0)
    expect(share(...before, payment())).toBe(0)
    expect(share(...before, payment(), replied('j'))).toBe(1)
  })
})
