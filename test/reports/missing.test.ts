// What jobs had to do and did not: deeds that are required, and effects that show them.
import { describe, expect, it } from 'vitest'
import { deedsIn } from '../../reports/deeds.ts'
import lostEffects from '../../reports/metrics/lost-effects.ts'
import { missingIn } from '../../reports/missing.ts'
import type { Instance, Program, Step, TraceEvent, WorldData } from '../../sim/index.ts'
import { type Event, effect, instance, plan, replied, request, runOf } from './traces.ts'

const crash: TraceEvent = { at: 0, kind: 'crash', key: 'j/generate#3', landed: [] }

const step = (
  id: string,
  op: string,
  args: Record<string, string>,
  of: Partial<Step> = {},
): Step => ({
  ...{ id, needs: [], call: { op, args }, effect: 'once' },
  ...of,
})

const filing = (path: string, of: Partial<Step> = {}): Step =>
  step('file', 'files.write', { path, content: '' }, of)

const saying = (path: string, content: string): Step['call'] => ({
  op: 'files.write',
  args: { path, content },
})

/** Job `j` with a program of these steps, and whoever else there is. */
const asking = (steps: readonly Step[], others: readonly Program[] = []): Instance => ({
  ...instance,
  users: ['j', ...others.map(({ name }) => name)].map((id) => ({
    id: `user-${id}`,
    jobs: [{ id, prompt: `[[task:${id}=${id}]]`, arrivesMs: 0 }],
  })),
  programs: [{ name: 'j', facts: {}, answer: '', steps }, ...others],
})

const missing = (of: Instance, trace: readonly Event[], after?: WorldData): string[] =>
  missingIn({ ...runOf(trace, of), ...(after && { after }) })

const wrote = (key: string, value = 'x', session = 'j'): Event => effect({ key, value, session })
const paid = (payee: string, value: string): Event =>
  effect({ op: 'payments.pay', key: payee, value })
const sent = (to: string, value: string): Event => effect({ op: 'mail.send', key: to, value })

describe('what is missing', () => {
  it('is what left nothing behind', () => {
    const of = asking([filing('out.md')])
    expect(missing(of, [wrote('out.md')])).toEqual([])
    expect(missing(of, [wrote('other.md')])).toEqual(['j/file'])
    expect(missing(of, [wrote('outxmd')])).toEqual(['j/file'])
  })

  it('is a file that only the world wrote, that was there before, or is not there any more', () => {
    const of = asking([filing('out.md')])
    const there = { files: { 'out.md': 'as ever' } }
    expect(missing({ ...of, world: there }, [plan('look')])).toEqual(['j/file'])
    expect(missing(of, [wrote('out.md', 'x', 'world')])).toEqual(['j/file'])
    expect(missing(of, [wrote('out.md')], { files: {} })).toEqual(['j/file'])
  })

  it('is what stood on a branch that came to nothing', () => {
    const of = asking([filing('out.md')])
    const branch = (move: 'begin' | 'commit' | 'abort'): Event => ({
      ...{ at: 0, kind: 'branch', session: 'j', move, paths: [], branch: 1 },
    })
    const apart = [branch('begin'), effect({ key: 'out.md', branch: 1 })]
    expect(missing(of, [...apart, branch('abort')])).toEqual(['j/file'])
    expect(missing(of, [...apart, branch('commit')])).toEqual([])
  })

  it('is told by what templates may have become', () => {
    const of = (path: string) => asking([filing(path)])
    expect(missing(of('out/{total}.md'), [wrote('out/1.md')])).toEqual([])
    expect(missing(of('out/{total}.md'), [wrote('out/2.md')])).toEqual([])
    expect(missing(of('out/{total}.md'), [wrote('out/3.md')])).toEqual(['j/file'])
    expect(missing(of('out/{job}.md'), [wrote('out/j.md')])).toEqual([])
    expect(missing(of('out/{style}.md'), [wrote('out/whatever.md')])).toEqual([])
  })

  it('is a payment by payee and reference, and a mail by recipient and subject', () => {
    const pay = asking([
      step('s', 'payments.pay', { payee: 'ACME', amount: '{total}', reference: 'r 1' }),
    ])
    expect(missing(pay, [paid('ACME', '9 r 1')])).toEqual([])
    expect(missing(pay, [paid('other', '9 r 1')])).toEqual(['j/s'])
    expect(missing(pay, [paid('ACME', '9 r 2')])).toEqual(['j/s'])
    const send = asking([step('s', 'mail.send', { to: 'bo', subject: 'hi', body: '' })])
    expect(missing(send, [sent('bo', 'hi\nthere')])).toEqual([])
    expect(missing(send, [sent('al', 'hi\nthere')])).toEqual(['j/s'])
    expect(missing(send, [sent('bo', 'bye\nthere')])).toEqual(['j/s'])
  })

  it('is never what shows nowhere, and always what no world has a tool for', () => {
    expect(missing(asking([step('s', 'shell.run', { command: 'x' })]), [plan('s')])).toEqual([])
    expect(missing(asking([step('s', 'rooms.book', {})]), [plan('s')])).toEqual(['j/s'])
  })

  it('is lost only where the machine went down, or was to', () => {
    const of = asking([filing('out.md')])
    expect(lostEffects.measure(runOf([plan('look')], of))).toBeNull()
    expect(lostEffects.measure(runOf([crash], of))).toBe(1)
    const placed = { ...of, hazards: [{ id: 'j/generate#3/crash', value: true }] }
    expect(lostEffects.measure(runOf([plan('look')], placed))).toBe(1)
  })
})

describe('what is required', () => {
  const required = (of: Instance, ...trace: readonly Event[]): string[] =>
    deedsIn(of, trace).flatMap(({ job, step: { id }, isRequired }) =>
      isRequired ? `${job}/${id}` : [],
    )
  const shown = (session: string, content: string): Event =>
    request({ session, added: [[0, { role: 'tool', callId: 'c', content }]] })
  const done = 'It is taken. [[done:j/file]]'
  const other: Program = { name: 'k', facts: {}, answer: '', steps: [] }

  it('is what changes the world, unless it may be left out', () => {
    const read = filing('in.md', { id: 'look', effect: 'read' })
    const may = filing('may.md', { id: 'may', isOptional: true })
    expect(required(asking([read, filing('out.md'), may]))).toEqual(['j/file'])
  })

  it('is nothing of a job that was taken back before anybody answered it', () => {
    const of = asking([filing('out.md')])
    const back: Event = { at: 9, kind: 'withdraw', job: 'j' }
    expect(required(of, back, replied('j', 9))).toEqual([])
    expect(required(of, replied('j'), back)).toEqual(['j/file'])
  })

  it('is no step that the job was shown to be settled, by what another one wrote', () => {
    const of = asking([filing('out.md')], [other])
    const theirs = wrote('state.md', done, 'k')
    expect(required(of, theirs, shown('j', done))).toEqual([])
    expect(required(of, theirs, shown('j~2', done))).toEqual([])
    // It has to be shown, to this job, and to stand somewhere.
    expect(required(of, theirs)).toEqual(['j/file'])
    expect(required(of, theirs, shown('k', done))).toEqual(['j/file'])
    expect(required(of, shown('j', done))).toEqual(['j/file'])
    const apart = effect({ session: 'k', value: done, branch: 3 })
    const begun: Event = {
      ...{ at: 0, kind: 'branch', session: 'k', move: 'begin', paths: [], branch: 3 },
    }
    expect(required(of, begun, apart, shown('j', done))).toEqual(['j/file'])
  })

  it('is no step that was settled in the world from the start', () => {
    const of = { ...asking([filing('out.md')]), world: { files: { 'state.md': done } } }
    expect(required(of, shown('j', done))).toEqual([])
    expect(required(of)).toEqual(['j/file'])
  })

  it('is every step that only the job itself says is done, but for what it decides beforehand', () => {
    const tick = filing('plan.md', { id: 'tick', call: saying('plan.md', done) })
    const claim = filing('state.md', {
      id: 'claim',
      call: saying('state.md', '[[done:{job}/file]]'),
    })
    const ticked = asking([filing('out.md'), tick])
    const claimed = asking([claim, filing('out.md')])
    expect(required(ticked, wrote('plan.md', done), shown('j', done))).toContain('j/file')
    expect(required(claimed, wrote('state.md', done))).toEqual(['j/claim'])
    expect(required(claimed)).toEqual(['j/claim', 'j/file'])
  })
})
