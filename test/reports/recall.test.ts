// Usable recall and refetches on small traces, reckoned by hand.
import { describe, expect, it } from 'vitest'
import type { Metric } from '../../reports/index.ts'
import { entriesOf } from './folder.ts'
import { type Event, effect, instance, job, plan, request, runOf } from './traces.ts'

const metrics = new Map(await entriesOf<Metric>('metrics'))

function measure(id: string, ...trace: readonly Event[]): number | null {
  const metric = metrics.get(id)
  if (metric === undefined) throw new Error(`no metric ${id}`)
  return metric.measure(runOf(trace))
}

describe('usable recall', () => {
  // Of the job: look needs rate; note needs total and style; pay needs port and total.
  it('is the share of all needs that were served with the true value', () => {
    expect(measure('usable-recall', plan('look', { rate: '7' }))).toBe(1 / 5)
    expect(measure('usable-recall', plan('look', { rate: '8' }))).toBe(0)
    expect(measure('usable-recall', plan('look', { rate: '' }))).toBe(0)
  })

  it('counts a step that was never planned: giving up is no memory', () => {
    expect(measure('usable-recall', job())).toBe(0)
    const skipped = { ...instance, users: [] }
    expect(metrics.get('usable-recall')?.measure(runOf([job()], skipped))).toBeNull()
  })

  it('knows a job by the name that its task bears', () => {
    const jobs = [{ id: 'first', prompt: '[[task:ledger=j]]', arrivesMs: 0 }]
    const named = runOf([plan('look', { rate: '7' })], { ...instance, users: [{ id: 'u', jobs }] })
    expect(metrics.get('recall-user')?.measure(named)).toBe(1)
  })

  it('leaves out a step that was skipped since all it teaches was in view', () => {
    const [program] = instance.programs
    const steps =
      program?.steps.map((s) => (s.id === 'look' ? { ...s, learns: ['port'] } : s)) ?? []
    const taught = { ...instance, programs: program === undefined ? [] : [{ ...program, steps }] }
    const of = (...trace: readonly Event[]) =>
      metrics.get('usable-recall')?.measure(runOf(trace, taught))
    expect(of(plan('pay', { port: '80' }))).toBe(1 / 4)
    expect(of(plan('look', { rate: '7' }), plan('pay', { port: '80' }))).toBe(2 / 5)
  })

  it('calls the old value of a changed fact false from the write on', () => {
    const [note, pay] = [plan('note', { total: '1' }), plan('pay', { total: '1' })]
    expect(measure('recall-changing', note, pay)).toBe(1)
    expect(measure('recall-changing', note, effect(), pay)).toBe(1 / 2)
    expect(measure('recall-changing', effect(), plan('pay', { total: '2' }))).toBe(1 / 2)
    expect(measure('recall-changing', effect({ key: 'other.md' }), note, pay)).toBe(1)
  })

  it('holds the model to its own first choice, in each job', () => {
    const [plain, rich] = [plan('note', { style: 'plain' }), plan('note', { style: 'rich' })]
    expect(measure('recall-own', plain)).toBe(1)
    expect(measure('recall-own', plain, rich)).toBe(0)
    expect(measure('recall-own', plain, rich, plain)).toBe(1)
    const elsewhere = plain.kind === 'plan' ? [{ ...plain, job: 'k' }] : []
    expect(measure('recall-own', ...elsewhere, rich)).toBe(1)
  })

  it('goes by the last word on a need', () => {
    const needs = [
      { fact: 'rate', status: 'absent', value: '' },
      { fact: 'rate', status: 'invented', value: '512' },
    ] as const
    const look = plan('look')
    const invented: Event[] = look.kind === 'plan' ? [{ ...look, needs }] : []
    expect(measure('recall-user', ...invented)).toBe(0)
    expect(measure('recall-user', plan('look', { rate: '' }), plan('look', { rate: '7' }))).toBe(1)
  })

  it('counts what an effect shows to be true, whoever made it', () => {
    const content = 'At {total}, {style}, {=port+rate}.'
    const [program] = instance.programs
    const steps =
      program?.steps.map((step) =>
        step.id === 'note'
          ? { ...step, call: { ...step.call, args: { path: 'n.md', content } } }
          : step,
      ) ?? []
    const shown = { ...instance, programs: program === undefined ? [] : [{ ...program, steps }] }
    const of = (id: string, value: string, key = 'n.md') =>
      metrics.get(id)?.measure(runOf([job(), effect({ key, value })], shown))
    expect(of('recall-changing', 'At 1, plain, 87.')).toBe(1 / 2)
    expect(of('recall-changing', 'At 3, plain, 87.')).toBe(0)
    expect(of('recall-own', 'At 3, plain, 87.')).toBe(1)
    expect(of('usable-recall', 'At 1, plain, 86.')).toBe(2 / 5)
    expect(of('usable-recall', 'At 1, plain')).toBe(0)
    expect(of('usable-recall', 'At 1, plain, 87.', 'other.md')).toBe(0)
  })

  it('parts by origin', () => {
    const all = [plan('look', { rate: '7' }), plan('pay', { port: '81', total: '1' })]
    expect(measure('recall-user', ...all)).toBe(1)
    expect(measure('recall-stable', ...all)).toBe(0)
    expect(measure('recall-changing', ...all)).toBe(1 / 2)
    expect(measure('recall-own', ...all)).toBe(0)
  })
})

it('counts what is looked up again, and not what is looked up first', () => {
  const seen = request({ window: [[0, '[[fact:rate=7]]']] })
  expect(measure('refetches', plan('get-rate'), seen)).toBe(0)
  expect(measure('refetches', seen, plan('get-rate'), plan('find-rate'))).toBe(2)
  expect(measure('refetches', seen, plan('get-total'))).toBe(0)
  const earlier = request({ session: 'j~2', window: [[0, '[[fact:rate=7]]']] })
  expect(measure('refetches', earlier, plan('get-rate'))).toBe(1)
  expect(
    measure(
      'refetches',
      request({ session: 'k', window: [[0, '[[fact:rate=7]]']] }),
      plan('get-rate'),
    ),
  ).toBe(0)
})
