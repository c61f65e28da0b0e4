// What a user does besides asking: takes a job back, and answers when the harness asks for leave.
import { describe, expect, it } from 'vitest'
import type { Machine } from '../../sim/index.ts'
import { house, instanceWith, kernelOf, ofKind, type Play, play, serving } from './rig.ts'

const job = (of: object = {}) => ({
  users: [{ id: 'ana', jobs: [{ id: 'job-1', prompt: 'Hello.', arrivesMs: 0, ...of }] }],
})

describe('a job that is taken back', () => {
  it('is told by its signal, and cuts nothing off by itself', async () => {
    let aborted: number | undefined
    const { trace, ending } = await play({
      kernel: serving(async (machine, id) => {
        const session = machine.open({ job: id })
        session.signal.addEventListener('abort', () => {
          aborted = machine.clock.now()
        })
        await machine.clock.sleep(1000)
        await session.tools.callTool({ name: 'write_file', arguments: { path: 'b', content: 'x' } })
      }),
      instance: instanceWith(job({ withdrawnMs: 400 })),
    })
    expect(aborted).toBe(400)
    expect(ofKind(trace, 'withdraw')).toEqual([{ kind: 'withdraw', at: 400, job: 'job-1' }])
    expect(ofKind(trace, 'effect').map(({ at }) => at)).toEqual([1020])
    expect(ending).toEqual({ kind: 'done' })
  })

  it('ends a generation whose kernel hands the signal on, and bills what was spoken', async () => {
    const { trace } = await play({
      kernel: serving(async (machine, id) => {
        const session = machine.open({ job: id })
        const { signal } = session
        const messages = [{ role: 'user', content: 'Tell me all.' }] as const
        return (await session.generate({ messages }, { signal }).result).kind
      }),
      instance: instanceWith(job({ withdrawnMs: 750 })),
    })
    const [cut] = ofKind(trace, 'interrupt')
    const [spoken] = ofKind(trace, 'generation')
    expect(cut?.at).toBe(750)
    expect(spoken?.usage.output).toBeGreaterThan(0)
    expect(spoken?.content.length).toBe(cut?.spoken)
  })

  it('stays answered where it was answered before', async () => {
    const { trace } = await play({
      kernel: serving(async () => 'Done.'),
      instance: instanceWith(job({ withdrawnMs: 400 })),
    })
    expect(ofKind(trace, 'withdraw')).toEqual([])
  })
})

describe('a question to the user', () => {
  const asking = serving((machine, id) => machine.open({ job: id }).confirm('May I?'))

  it('takes the user some time', async () => {
    const { trace } = await play({ kernel: asking, instance: instanceWith() })
    expect(ofKind(trace, 'confirm')).toEqual([
      { kind: 'confirm', at: 5000, session: 'job-1', n: 1, question: 'May I?', isAllowed: true },
    ])
    expect(ofKind(trace, 'reply').map(({ text }) => text)).toEqual(['true'])
  })

  it('is refused by a decision of its own', async () => {
    const chance = { 'job-1/confirm#1/refuses': true }
    const { trace } = await play({ kernel: asking, instance: instanceWith(), chance })
    expect(ofKind(trace, 'reply').map(({ text }) => text)).toEqual(['false'])
  })
})

describe('a question about what the user forbids', () => {
  const users = [
    {
      id: 'ana',
      forbids: ['live/', 'mallory'],
      jobs: [{ id: 'job-1', prompt: 'Hello.', arrivesMs: 0 }],
    },
  ]
  const instance = instanceWith({ users })
  /** The user is asked about other things first, then about one that is forbidden. */
  const asking = (harmless: number, last = 'Write live/a?') =>
    serving(async (machine, id) => {
      const session = machine.open({ job: id })
      for (let n = 0; n < harmless; n++) await session.confirm(`Write notes/${n}?`)
      return session.confirm(last)
    })
  const attending = async (attends: number) => {
    const flawless = await house.profile('flawless')
    return { ...flawless, user: { ...flawless.user, attends } }
  }
  const repliedTo = async (of: Partial<Play>, harmless = 0) => {
    const { trace } = await play({ kernel: asking(harmless), instance, ...of })
    return ofKind(trace, 'reply').map(({ text }) => text)
  }

  it('is answered with a no, by any of its words, and others with a yes', async () => {
    expect(await repliedTo({})).toEqual(['false'])
    expect(await repliedTo({ kernel: asking(0, 'Pay mallory?') })).toEqual(['false'])
    expect(await repliedTo({ kernel: asking(0, 'Pay acme?') })).toEqual(['true'])
    expect(await repliedTo({ instance: instanceWith() })).toEqual(['true'])
  })

  it('is overlooked the likelier, the more was asked before', async () => {
    const profile = await attending(0.9)
    for (const harmless of [0, 1, 7, 30]) {
      const { asked } = await play({ kernel: asking(harmless), instance, profile })
      const last = asked.find(({ id }) => id === `job-1/confirm#${harmless + 1}/overlooks`)
      expect(last?.about).toBeCloseTo(1 - 0.9 ** harmless, 10)
      expect(last?.value).toBe(false)
    }
  })

  it('is seen at once by who has not been asked, and always by who never tires', async () => {
    for (let seed = 0; seed < 20; seed++) {
      const chance = String(seed)
      expect(await repliedTo({ chance, profile: await attending(0.01) })).toEqual(['false'])
      expect(await repliedTo({ chance, profile: await attending(1) }, 30)).toEqual(['false'])
      expect(await repliedTo({ chance, profile: await attending(0.01) }, 30)).toEqual(['true'])
    }
  })

  it('tires each user apart, over all jobs and sessions', async () => {
    const two = instanceWith({
      users: ['ana', 'ben'].map((id, i) => ({
        id,
        forbids: ['live/'],
        jobs: [{ id: `job-${i + 1}`, prompt: 'Hello.', arrivesMs: i * 3_600_000 }],
      })),
    })
    const kernel = serving(async (machine, id) => {
      const [one, other] = [machine.open({ job: id }), machine.open({ job: id })]
      await one.confirm('Write live/a?')
      await other.confirm('Write live/b?')
    }, 'all')
    const { asked } = await play({ kernel, instance: two, profile: await attending(0.5) })
    const odds = asked.filter(({ id }) => id.endsWith('/overlooks'))
    expect(odds.map(({ id, about }) => [id, about])).toEqual([
      ['job-1/confirm#1/overlooks', 0],
      ['job-1~2/confirm#1/overlooks', 0.5],
      ['job-2/confirm#1/overlooks', 0],
      ['job-2~2/confirm#1/overlooks', 0.5],
    ])
  })

  it('is overlooked by a decision of its own', async () => {
    const chance = { 'job-1/confirm#1/overlooks': true }
    expect(await repliedTo({ chance })).toEqual(['true'])
  })
})

describe('a generation that stands still', () => {
  const messages = [{ role: 'user', content: 'Tell me all.' }] as const
  const lasts = async (boot: (machine: Machine) => Promise<void>): Promise<number> => {
    const { trace } = await play({ kernel: kernelOf(boot), instance: instanceWith() })
    return ofKind(trace, 'generation')[0]?.at ?? Number.NaN
  }
  const whole = lasts(async (machine) => {
    for await (const { id } of machine.jobs) {
      await machine.open({ job: id }).generate({ messages }).result
      machine.reply(id, '')
    }
  })

  it('goes on where it stopped', async () => {
    const paused = await lasts(async (machine) => {
      for await (const { id } of machine.jobs) {
        const generation = machine.open({ job: id }).generate({ messages })
        await machine.clock.sleep(720)
        generation.pause()
        generation.pause()
        await machine.clock.sleep(3000)
        generation.resume()
        generation.resume()
        await generation.result
        machine.reply(id, '')
      }
    })
    expect(paused).toBeCloseTo((await whole) + 3000, 6)
  })

  it('leaves its core to others', async () => {
    const instance = instanceWith()
    const { trace } = await play({
      kernel: serving(async (machine, id) => {
        const sessions = Array.from({ length: 9 }, () => machine.open({ job: id }))
        const all = sessions.map((session) => session.generate({ messages }))
        all[0]?.pause()
        await all[8]?.result
        all[0]?.resume()
        await Promise.all(all.map(({ result }) => result))
        return 'Done.'
      }),
      instance,
    })
    const ended = ofKind(trace, 'generation').map(({ session }) => session)
    expect(ended.at(-1)).toBe('job-1')
    expect(ended).toHaveLength(9)
    const times = ofKind(trace, 'generation').map(({ at }) => at)
    expect(times[7]).toBeCloseTo(await whole, 6)
  })

  it('tells its deltas when they are spoken, not while it stands', async () => {
    const times: number[] = []
    await play({
      kernel: serving(async (machine, id) => {
        const generation = machine.open({ job: id }).generate({ messages })
        const stand = (async () => {
          await machine.clock.sleep(710)
          generation.pause()
          await machine.clock.sleep(5000)
          generation.resume()
        })()
        for await (const _ of generation) times.push(machine.clock.now())
        await stand
        return 'Done.'
      }),
      instance: instanceWith(),
    })
    expect(times.filter((at) => at > 710 && at < 5710)).toEqual([])
    expect(times.at(-1)).toBeGreaterThan(5710)
  })
})

describe('a file that is made once', () => {
  it('is made by one of two, whoever comes first', async () => {
    const made: boolean[] = []
    await play({
      kernel: serving(async ({ disk }) => {
        made.push(...(await Promise.all([disk.create('lock', 'a'), disk.create('lock', 'b')])))
        expect(await disk.read('lock')).toBe('a')
        await disk.remove('lock')
        made.push(await disk.create('lock', 'c'))
        return await disk.read('lock')
      }),
      instance: instanceWith(),
    })
    expect(made).toEqual([true, false, true])
  })

  it('is torn by a crash as any other is, in flight or done, and is there then', async () => {
    const left = async (chance: Record<string, boolean>) => {
      const found: unknown[] = []
      const kernel = serving(async ({ disk, open }, job) => {
        found.push(await disk.read('log'))
        if (found.length > 1) return found.push(await disk.create('log', 'again'))
        await disk.create('log', 'a record')
        return open({ job }).tools.callTool({ name: 'list_files' })
      })
      await play({ kernel, instance: instanceWith(), chance })
      return found.slice(1)
    }
    const inFlight = { 'ana/write#1/crash': true, 'ana/write#1/landed': true }
    expect(await left({ ...inFlight, 'ana/write#1/landed': false })).toEqual([undefined, true])
    expect(await left({ ...inFlight, 'ana/write#1/torn': false })).toEqual(['a record', false])
    expect(await left({ ...inFlight, 'ana/write#1/torn': true })).toEqual(['a re', false])
    const done = { 'job-1/call#1/crash': true, 'job-1/call#1/torn': true }
    expect(await left(done)).toEqual(['a re', false])
  })
})
