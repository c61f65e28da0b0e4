// Virtual time under several sessions: who comes first, who waits, and what the machine puts an end to.
import { describe, expect, it } from 'vitest'
import type { Machine, Session } from '../../sim/index.ts'
import { instanceWith, kernelOf, ofKind, play, serving, usersWith } from './rig.ts'

const two = instanceWith({ users: usersWith(2) })

const look = (session: Session) =>
  session.tools.callTool({ name: 'read_file', arguments: { path: 'a.txt' } })

/** Three looks, with sleeps of its own length in between. */
const pacing = (sleepMs: (job: string) => number) =>
  serving(async (machine, job) => {
    const session = machine.open({ job })
    for (let i = 0; i < 3; i++) {
      await machine.clock.sleep(sleepMs(job))
      await look(session)
    }
  })

describe('two sessions', () => {
  it('take turns by virtual time', async () => {
    const kernel = pacing((job) => (job === 'job-1' ? 10 : 25))
    const { trace } = await play({ kernel, instance: two })
    const calls = ofKind(trace, 'call').map(({ session, at }) => [at, session])
    expect(calls).toEqual([
      [30, 'job-1'],
      [45, 'job-2'],
      [60, 'job-1'],
      [90, 'job-2'],
      [90, 'job-1'],
      [135, 'job-2'],
    ])
  })

  it('at the same instant go in order of insertion, until a decision lets one yield', async () => {
    const kernel = pacing(() => 10)
    const order = async (chance: Record<string, boolean>) => {
      const { trace, unreached } = await play({ kernel, instance: two, chance })
      expect(unreached).toEqual([])
      return ofKind(trace, 'call')
        .map(({ session }) => session.slice(-1))
        .join('')
    }
    expect(await order({})).toBe('121212')
    expect(await order({ 'job-1/call#1/yield': true })).toBe('212121')
    expect(await order({ 'job-1/call#2/yield': true })).toBe('122121')
  })

  it('yield once, and that is one decision', async () => {
    const users = usersWith(5)
    const instance = instanceWith({ users })
    const chance = Object.fromEntries(users.map((_, i) => [`job-${i + 1}/call#1/yield`, true]))
    const { decisions } = await play({ kernel: pacing(() => 10), instance, chance })
    const ids = decisions.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })
})

describe('the machine', () => {
  const one = instanceWith()

  it('sees at once that nothing can happen any more', async () => {
    const { ending } = await play({ kernel: serving(() => new Promise(() => {})), instance: one })
    expect(ending).toEqual({ kind: 'stuck', reason: 'deadlock' })
  })

  it('calls a boot that returns with jobs open stuck', async () => {
    const early = await play({ kernel: kernelOf(async () => {}), instance: one })
    expect(early.ending).toEqual({ kind: 'stuck', reason: 'returned' })
    const half = kernelOf(async (machine) => {
      for await (const { id } of machine.jobs) {
        machine.reply(id, 'Done.')
        return
      }
    }, 'all')
    expect((await play({ kernel: half, instance: two })).ending).toEqual({
      kind: 'stuck',
      reason: 'returned',
    })
  })

  it('is done when every job is answered, though a boot waits for more', async () => {
    const kernel = kernelOf(async (machine) => {
      for await (const { id } of machine.jobs) machine.reply(id, 'Done.')
      await new Promise(() => {})
    })
    expect((await play({ kernel, instance: one })).ending).toEqual({ kind: 'done' })
  })

  it('ends a run after twice the turns of trouble', async () => {
    const forever = serving(async (machine, job) => {
      const session = machine.open({ job })
      const messages = [{ role: 'user', content: 'Hello.' }] as const
      for (;;) await session.generate({ messages }).result
    })
    const { ending, trace } = await play({
      kernel: forever,
      instance: instanceWith({ troubleTurns: 10 }),
    })
    expect(ending).toEqual({ kind: 'stuck', reason: '20 requests' })
    expect(ofKind(trace, 'request')).toHaveLength(21)
  })

  it('ends a run after so many events, and after so much virtual time', async () => {
    const forever = serving(async (machine, job) => {
      const session = machine.open({ job })
      for (;;) await look(session)
    })
    const bounds = { events: 100, virtualMs: 3_600_000 }
    const busy = await play({ kernel: forever, instance: one, bounds })
    expect(busy.ending).toEqual({ kind: 'stuck', reason: '100 events' })
    const asleep = serving((machine) => machine.clock.sleep(3_600_001))
    expect((await play({ kernel: asleep, instance: one, bounds })).ending).toEqual({
      kind: 'stuck',
      reason: '1 hours of virtual time',
    })
  })

  it.each<[string, (machine: Machine) => Promise<void>, string]>([
    [
      'throws',
      async () => {
        throw new Error('no idea\nsecond line')
      },
      'threw: no idea',
    ],
    [
      'answers a job that nobody gave',
      async (m) => m.reply('job-9', ''),
      "threw: no job 'job-9' was given to this kernel",
    ],
    [
      'opens a session for no job',
      async (m) => void m.open({ job: 'job-9' }),
      "threw: no job 'job-9' was given to this kernel",
    ],
    ['rejects with nothing', () => Promise.reject(undefined), 'threw: undefined'],
  ])('calls a kernel that %s crashed', async (_name, boot, reason) => {
    const { ending } = await play({ kernel: kernelOf(boot), instance: one })
    expect(ending).toEqual({ kind: 'crash', reason })
  })

  it('wakes a sleeper at its hour, or at once where it is called back', async () => {
    const woken: unknown[] = []
    const kernel = serving(async ({ clock }) => {
      await clock.sleep(500)
      woken.push(clock.now())
      const controller = new AbortController()
      const nap = clock.sleep(10_000, controller.signal).catch((reason) => reason)
      await clock.sleep(20)
      controller.abort('up')
      woken.push(await nap, clock.now())
      woken.push(
        await clock.sleep(10_000, controller.signal).catch((reason) => reason),
        clock.now(),
      )
    })
    await play({ kernel, instance: one })
    expect(woken).toEqual([500, 'up', 520, 'up', 520])
  })

  it('keeps generations beyond its cores waiting, each answered from its own request', async () => {
    const heard: string[] = []
    const kernel = serving(async (machine, job) => {
      const session = machine.open({ job })
      const ask = async (i: number): Promise<number> => {
        const content = `[[task:say=j${i}]] Say it.`
        const answer = await session.generate({ messages: [{ role: 'user', content }] }).result
        heard[i] = answer.kind === 'message' ? answer.message.content : ''
        return machine.clock.now()
      }
      const times = await Promise.all(Array.from({ length: 10 }, (_, i) => ask(i)))
      expect(new Set(times.slice(0, 8)).size).toBe(1)
      expect(times[8]).toBeGreaterThan(times[7] ?? 0)
    })
    const programs = [{ name: 'say', facts: {}, steps: [], answer: 'Said {job}.' }]
    const { ending } = await play({ kernel, instance: instanceWith({ programs }) })
    expect(ending).toEqual({ kind: 'done' })
    expect(heard).toEqual(Array.from({ length: 10 }, (_, i) => `Said j${i}.`))
  })
})
