// What a crash cost, of small runs by hand.
import { describe, expect, it } from 'vitest'
import { missingIn, stepsOver } from '../../reports/crashes.ts'
import lostEffects from '../../reports/metrics/lost-effects.ts'
import resumed from '../../reports/metrics/resumed.ts'
import type { TraceEvent } from '../../sim/index.ts'
import { instance, plan, runOf } from './traces.ts'

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

  it('make a share', () => {
    const before = [plan('look'), plan('note'), plan('pay'), crash]
    expect(share(...before)).toBe(1)
    expect(share(...before, plan('pay'))).toBe(1)
    expect(share(...before, plan('note'))).toBe(0.5)
    expect(share(...before, plan('look'), plan('note'))).toBe(0)
  })
})

describe('lost effects', () => {
  const filing = (path: string, isOptional = false) => ({
    ...instance,
    programs: [
      {
        name: 'ledger',
        facts: {},
        answer: '',
        steps: [
          {
            id: 'file',
            needs: [],
            call: { op: 'files.write', args: { path, content: '' } },
            effect: 'idempotent' as const,
            isOptional,
          },
        ],
      },
    ],
  })
  const missing = (path: string, file: string): string[] =>
    missingIn(filing(path), { files: { [file]: 'x' } })

  it('are those that left nothing', () => {
    expect(missing('out.md', 'out.md')).toEqual([])
    expect(missing('out.md', 'other.md')).toEqual(['j/file'])
    expect(missing('out.md', 'outxmd')).toEqual(['j/file'])
  })

  it('count by what their templates may have become', () => {
    expect(missing('out/{total}.md', 'out/1.md')).toEqual([])
    expect(missing('out/{total}.md', 'out/2.md')).toEqual([])
    expect(missing('out/{total}.md', 'out/3.md')).toEqual(['j/file'])
    expect(missing('out/{job}.md', 'out/j.md')).toEqual([])
    expect(missing('out/{style}.md', 'out/whatever.md')).toEqual([])
  })

  it('are none of steps that may be left out, and of runs without a crash', () => {
    expect(missingIn(filing('out.md', true), { files: {} })).toEqual([])
    expect(lostEffects.measure(runOf([plan('look')], filing('out.md')))).toBeNull()
    expect(lostEffects.measure(runOf([crash], filing('out.md')))).toBe(1)
  })

  it('are payments by payee and reference, and mail by whom it goes to', () => {
    const of = (op: string, args: Record<string, string>) => ({
      ...filing(''),
      programs: [
        {
          ...instance.programs[0],
          name: 'ledger',
          facts: {},
          answer: '',
          steps: [{ id: 's', needs: [], call: { op, args }, effect: 'once' as const }],
        },
      ],
    })
    const pay = of('payments.pay', { payee: 'ACME', amount: '{total}', reference: 'r' })
    const paid = (payee: string) => ({
      files: {},
      payments: [{ payee, amount: '9', reference: 'r' }],
    })
    expect(missingIn(pay, paid('ACME'))).toEqual([])
    expect(missingIn(pay, paid('other'))).toEqual(['j/s'])
    const send = of('mail.send', { to: 'bo', subject: 'hi', body: '' })
    const sent = (to: string) => ({
      files: {},
      mail: { inbox: [], sent: [{ from: 'me', to, subject: 'hi', body: '' }] },
    })
    expect(missingIn(send, sent('bo'))).toEqual([])
    expect(missingIn(send, sent('al'))).toEqual(['j/s'])
  })
})
