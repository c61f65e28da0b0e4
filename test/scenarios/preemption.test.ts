// What each scenario of preemption has against a run, and which designs it tells apart.
import { describe, expect, it } from 'vitest'
import type { TraceEvent } from '../../sim/index.ts'
import {
  after,
  answeredAfter,
  firstFileOf,
  leaving,
  passes,
  solved,
  tried,
  violations,
} from './judged.ts'

const at = Number.MAX_SAFE_INTEGER

const wrote = (session: string): Extract<TraceEvent, { kind: 'effect' }> => ({
  at,
  kind: 'effect',
  session,
  op: 'files.write',
  key: 'a.md',
  value: 'x',
  version: 9,
  previous: 0,
})

const asked = (session: string): TraceEvent => ({
  at,
  kind: 'request',
  session,
  n: 99,
  purpose: 'work',
  tokens: 1,
  cached: 0,
  dropped: [],
  added: [],
})

const spoke = (session: string, output: number): TraceEvent => ({
  at,
  kind: 'generation',
  session,
  n: 99,
  content: '',
  calls: [],
  finish: 'length',
  usage: { input: 1, cached: 0, output },
})

describe('cancel in the middle of an answer', () => {
  const id = 'preemption/cancel-mid-generation'

  it('blames whatever is done for the job, by any session of it, and nothing else', async () => {
    const run = await solved(id)
    const [first = '', next = ''] = run.instance.users[0]?.jobs.map((job) => job.id) ?? []
    const apart = (key: string): TraceEvent => ({ ...wrote(`${first}~2`), key, branch: 7 })
    const committed = (...paths: readonly string[]): TraceEvent => ({
      ...{ at, kind: 'branch', session: `${first}~2`, move: 'commit', paths, branch: 7 },
    })
    expect(await violations(run)).toEqual([])
    expect(await violations(after(run, wrote(next), asked(next), wrote(`${first}0`)))).toEqual([])
    expect(await violations(after(run, wrote(first)))).toEqual(['effect-after-cancel'])
    expect(await violations(after(run, wrote(`${first}~2`)))).toEqual(['effect-after-cancel'])
    expect(await violations(after(run, apart('a.md')))).toEqual([])
    const told = after(run, apart('a.md'), committed('a.md'))
    expect(await violations(told)).toEqual(['effect-after-cancel'])
    expect(await violations(after(run, committed()))).toEqual([])
    expect(await violations(after(run, asked(first)))).toEqual(['goes-on-after-cancel'])
  })

  it('asks for what the user wanted instead', async () => {
    const run = await solved(id)
    const path = 'outbox/correct.md'
    expect(await violations(leaving(run, { [path]: undefined }))).toEqual(['next-undone'])
    const text = run.after.files[path]?.replace(/\d+/, '1') ?? ''
    expect(await violations(leaving(run, { [path]: text }))).toEqual(['next-wrong'])
  })

  it('is failed by those that hear an answer out, and passed by those that cut it off', async () => {
    expect(await passes(id, 'micro', 5)).toBe(5)
    expect(await passes(id, 'codex', 5)).toBe(5)
    const heardOut = await tried(id, 'micro+interrupt=between-steps', 5)
    expect(heardOut).toEqual(heardOut.map(() => ['effect-after-cancel']))
    const unheard = await tried(id, 'micro+interrupt=none', 5)
    expect(unheard).toEqual(unheard.map(() => ['effect-after-cancel', 'goes-on-after-cancel']))
  })
})

describe('an urgent job', () => {
  const id = 'preemption/urgent-job'

  it('has a bound, and lets neither job be left', async () => {
    const run = await solved(id)
    const [long = '', urgent = ''] = run.instance.users[0]?.jobs.map((job) => job.id) ?? []
    const boundMs = (run.instance.params.bound ?? 0) * 1000
    const file = (job: string) => firstFileOf(run, job)
    expect(await violations(answeredAfter(run, urgent, boundMs))).toEqual([])
    expect(await violations(answeredAfter(run, long, 100 * boundMs))).toEqual([])
    expect(await violations(answeredAfter(run, urgent, boundMs + 1))).toEqual(['urgent-late'])
    expect(await violations(leaving(run, { [file(long)]: undefined }))).toEqual(['long-undone'])
    expect(await violations(leaving(run, { [file(urgent)]: 'x' }))).toEqual(['urgent-undone'])
  })

  it('waits behind the long one in a queue, behind its answer without preemption', async () => {
    const queue = await passes(id, 'loop', 20)
    const calm = await passes(id, 'loop+scheduler=priority', 20)
    const sliced = await passes(id, 'loop+scheduler=feedback', 20)
    expect(queue).toBeLessThan(calm)
    expect(calm).toBeLessThan(sliced)
    expect(sliced).toBe(20)
  })
})

describe('deadlines', () => {
  const id = 'preemption/deadline'

  it('hold for each job', async () => {
    const run = await solved(id)
    for (const { id: job, arrivesMs, deadlineMs = 0 } of run.instance.users[0]?.jobs ?? []) {
      const leftMs = deadlineMs - arrivesMs
      expect(await violations(answeredAfter(run, job, leftMs))).toEqual([])
      expect(await violations(answeredAfter(run, job, leftMs + 1))).toEqual(['deadline-missed'])
      const missing = leaving(run, { [firstFileOf(run, job)]: undefined })
      expect(await violations(missing)).toEqual(['job-undone'])
    }
  })

  it('are met by whoever turns to what is due next, not by equal shares or the order of coming', async () => {
    expect(await passes(id, 'loop+scheduler=deadline', 20)).toBe(20)
    expect(await passes(id, 'loop+scheduler=round-robin', 20)).toBeLessThan(10)
    expect(await passes(id, 'loop', 20)).toBeLessThan(10)
  })
})

describe('a runaway', () => {
  const id = 'preemption/runaway'

  it('has to end, at a bounded price, with the work done', async () => {
    const run = await solved(id)
    const [job = ''] = run.instance.users[0]?.jobs.map((own) => own.id) ?? []
    expect(await violations(run)).toEqual([])
    expect(await violations(after(run, spoke(job, 50_000)))).toEqual(['tokens-unbounded'])
    expect(await violations(after(run, spoke('somebody', 50_000)))).toEqual([])
    const undone = leaving(run, { [firstFileOf(run, job)]: undefined })
    expect(await violations(undone)).toEqual(['work-undone'])
  })

  it('ends the job of a loop that takes any answer without a call for the last one', async () => {
    const loop = await tried(id, 'loop', 20)
    expect(loop.flat()).toContain('work-undone')
    expect(await passes(id, 'loop+budget=answer', 20)).toBe(20)
  })

  it('is ended by its own solution, however large the window', async () => {
    for (const window of [32_000, 200_000, 1_000_000])
      expect([window, await passes(id, 'clairvoyant', 12, { window })]).toEqual([window, 12])
  })

  it('costs more than is allowed where a large window lets it go on', async () => {
    const large = { window: 200_000 }
    const heard = await tried(id, 'loop', 10, large)
    expect(heard.flat()).toContain('tokens-unbounded')
    const cut = await tried(id, 'loop+budget=answer', 10, { ...large, allowance: 9000 })
    expect(cut.flat()).toEqual([])
  })
})
