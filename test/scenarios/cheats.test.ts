// Harnesses that do wrong in a way that looks right: none of them passes.
import { describe, expect, it } from 'vitest'
import { changesIn } from '../../sim/changes.ts'
import type { TraceEvent } from '../../sim/index.ts'
import { stoodIn } from '../../sim/stood.ts'
import { changesAfterCancel } from '../../sim/withdrawn.ts'
import { drawn, instanceWith, kernelNamed } from '../machine/rig.ts'
import { beside, byHand, calling, early, found, foundIn, oneByOne } from './cheating.ts'

describe('who answers before the work is done', () => {
  it.each([
    ['preemption/deadline', 'late'],
    ['preemption/urgent-job', 'late'],
    ['preemption/cancel-mid-generation', 'effect-after-cancel'],
  ])('is judged in %s by when it is', async (id) => {
    const plain = await kernelNamed('loop')
    for (const n of [0, 1, 2, 3]) {
      const instance = await drawn(id, {}, n)
      const honest = await found(instance, { kernel: plain, profile: 'hijacked' })
      const hasty = await found(instance, {
        kernel: await beside('loop', early),
        profile: 'hijacked',
      })
      if (honest.length > 0) expect([id, n, hasty.length > 0]).toEqual([id, n, true])
    }
  })
})

describe("who writes with the kernel's own hand", () => {
  it('has written for the job that the user took back', async () => {
    const kernel = await beside('loop+interrupt=between-steps', byHand)
    const all = await foundIn('preemption/cancel-mid-generation', kernel, 3)
    for (const names of all) expect(names).toContain('effect-after-cancel')
  })

  it('has done the job no earlier than it writes, whatever it answered', async () => {
    for (const id of ['preemption/deadline', 'preemption/urgent-job', 'budgets/noisy-neighbour']) {
      const honest = await foundIn(id, await kernelNamed('loop'), 4)
      expect([id, honest.flat().length > 0]).toEqual([id, true])
      const hasty = await beside('loop', (machine) => byHand(early(machine)))
      expect([id, await foundIn(id, hasty, 4)]).toEqual([id, honest])
    }
  })

  it('has put what it was given, and is accused of nothing untrue', async () => {
    expect((await foundIn('isolation/mailbox', await oneByOne(byHand), 4)).flat()).toEqual([])
  })
})

describe('who pays again under another name', () => {
  it.each(['crash-resume/crash-anywhere', 'crash-resume/lost-ack'])('fails %s', async (id) => {
    const twice = calling(async ({ call, args }, next) => {
      const result = await next()
      if (call.name === 'make_payment') await next({ ...args, reference: `${args.reference}-b` })
      return result
    })
    expect(await found(await drawn(id), { kernel: await beside('loop', twice) })).toContain(
      'payment-unasked',
    )
  })
})

describe('what came to stand', () => {
  const write = (key: string, branch?: number): TraceEvent => ({
    ...{ at: 0, kind: 'effect', session: 's', op: 'files.write', key, value: '' },
    ...{ version: 1, previous: 0, branch },
  })
  const move = (to: 'begin' | 'commit' | 'abort', branch: number, from?: number): TraceEvent => ({
    ...{ at: 0, kind: 'branch', session: 's', move: to, paths: [], branch, from },
  })
  const keys = (trace: readonly TraceEvent[]): string[] =>
    stoodIn(trace).flatMap((event) => (event.kind === 'effect' ? [event.key] : []))

  it('is what was written for all, or on a branch that was committed to the end', () => {
    const trace = [
      ...[write('shared'), move('begin', 1), write('kept', 1), move('begin', 2, 1)],
      ...[write('inner', 2), move('commit', 2, 1), move('commit', 1)],
      ...[move('begin', 3), write('given up', 3), move('abort', 3)],
      ...[move('begin', 4), move('begin', 5, 4), write('lost', 5), move('commit', 5, 4)],
      ...[move('begin', 6), write('never committed', 6)],
    ]
    expect(keys(trace)).toEqual(['shared', 'kept', 'inner'])
  })

  it('takes back no payment', () => {
    const paid: TraceEvent = { ...write('ACME', 1), op: 'payments.pay' } as TraceEvent
    expect(keys([move('begin', 1), paid, move('abort', 1)])).toEqual(['ACME'])
  })
})

describe('a change', () => {
  const job = (id: string) => ({ id, prompt: `[[task:do-${id}=${id}]]`, arrivesMs: 0 })
  const writes = (id: string, ...paths: readonly string[]) => ({
    ...{ name: `do-${id}`, facts: {}, answer: 'Done.' },
    steps: paths.map((path, i) => ({
      ...{ id: `write-${i}`, needs: [], effect: 'idempotent' as const },
      call: { op: 'files.write', args: { path, content: 'x' } },
    })),
  })
  const instance = instanceWith({
    users: [{ id: 'ana', jobs: [job('a'), job('b')] }],
    programs: [writes('a', 'out/a/{name}.md', 'shared.md'), writes('b', 'out/b.md', 'shared.md')],
  })
  const write = (session: string, key: string, branch?: number, value = 'x'): TraceEvent => ({
    ...{ at: 0, kind: 'effect', session, op: 'files.write', key, value },
    ...{ version: 1, previous: 0, branch },
  })
  const commit = (session: string, branch: number, from?: number, path = 'out/b.md'): TraceEvent =>
    ({ at: 5, kind: 'branch', session, move: 'commit', paths: [path], branch, from }) as TraceEvent
  const back: TraceEvent = { at: 1, kind: 'withdraw', job: 'b' }

  it('is for the job whose program writes there, whoever made it', () => {
    const sessions = ['a', 'b~2', 'ana', 'kernel']
    for (const session of sessions) {
      const [change] = changesIn(instance, [write(session, 'out/a/x.md')])
      expect([session, change?.isFor('a'), change?.isFor('b')]).toEqual([session, true, false])
    }
    const [moved] = changesIn(instance, [write('world', 'out/b.md')])
    expect(moved?.isFor('b')).toBe(false)
  })

  it('is for the job of its session where no program writes, or more than one', () => {
    const [shared, stray, nobodys] = changesIn(instance, [
      ...[write('b~2', 'shared.md'), write('a', 'stray.md'), write('kernel', 'shared.md')],
    ])
    expect([shared?.isFor('a'), shared?.isFor('b')]).toEqual([false, true])
    expect([stray?.isFor('a'), stray?.suits('a')]).toEqual([true, false])
    expect([nobodys?.isFor('a'), nobodys?.suits('a'), nobodys?.suits('b')]).toEqual([
      ...[false, true, true],
    ])
  })

  it('on a branch is one when all can see it, with what stands there then', () => {
    const trace = [
      ...[write('b', 'out/b.md', 2, 'first'), write('b', 'out/b.md', 2, 'last')],
      ...[commit('b', 2, 1), commit('kernel', 1)],
    ]
    expect(changesIn(instance, trace.slice(0, 3))).toEqual([])
    expect(changesIn(instance, trace)).toMatchObject([{ at: 5, key: 'out/b.md', text: 'last' }])
  })

  it('after a cancel is told of a commit by whatever hand, unless it puts things back', () => {
    const begun = [write('b', 'out/b.md', 1), back]
    expect(changesAfterCancel(instance, [...begun, commit('kernel', 1)], 'b')).toEqual(['out/b.md'])
    expect(changesAfterCancel(instance, [...begun, commit('kernel', 1)], 'a')).toBeUndefined()
    const removed = { ...write('kernel', 'out/b.md'), op: 'files.remove', value: '' } as TraceEvent
    expect(changesAfterCancel(instance, [write('b', 'out/b.md'), back, removed], 'b')).toEqual([])
  })
})
