// Whose files a job acts on: which parts keep two users' updates, what a conflict costs, and what the locks of
// a dead kernel do to those who come after.
import { describe, expect, it } from 'vitest'
import { acquire, release } from '../../harnesses/kept/lock.ts'
import type { Kernel, Part } from '../../harnesses/kernel.ts'
import branch from '../../harnesses/parts/isolation/branch.ts'
import fileLock from '../../harnesses/parts/isolation/file-lock.ts'
import sessionLock from '../../harnesses/parts/isolation/session-lock.ts'
import shared from '../../harnesses/parts/isolation/shared.ts'
import silentSkip from '../../harnesses/parts/isolation/silent-skip.ts'
import worktree from '../../harnesses/parts/isolation/worktree.ts'
import roundRobin from '../../harnesses/parts/scheduler/round-robin.ts'
import {
  drawn,
  house,
  instanceWith,
  kernelOf,
  ofKind,
  type Play,
  type Played,
  play,
  usersWith,
} from '../machine/rig.ts'
import { kernelWith, usersDoing, type Work } from './users.ts'

const acted = (
  isolation: Part<'isolation'>,
  works: readonly Work[],
  of: Partial<Play> & { readonly files?: Readonly<Record<string, string>> } = {},
): Promise<Played> => {
  const { files = {}, ...rest } = of
  const instance = usersDoing(works, { world: { files } })
  return play({ kernel: kernelWith({ isolation }), instance, ...rest })
}

const filesOf = ({ simulation }: Played): Readonly<Record<string, string>> =>
  simulation.world.data().files

const moves = ({ trace }: Played): [string, string][] =>
  ofKind(trace, 'branch')
    .filter(({ move, session }) => move !== 'begin' && session.startsWith('job'))
    .map(({ session, move }) => [session, move])

const results = ({ trace }: Played): string[] =>
  ofKind(trace, 'request').flatMap(({ added }) =>
    added.flatMap(([, { role, content }]) => (role === 'tool' ? [content] : [])),
  )

const repliedMs = ({ trace }: Played, job: string): number =>
  Math.round(ofKind(trace, 'reply').find((reply) => reply.job === job)?.at ?? Number.NaN)

describe('an update of what was read before another wrote it', async () => {
  const lostUpdate = 'isolation/lost-update'
  const instance = await drawn(lostUpdate)
  const { check } = await house.scenario(lostUpdate)
  // The first job thinks for ten minutes between its reading and its writing.
  const chance = { 'add-a/update/1/slow': 600_000 }

  it.each([
    ['shared', shared, true],
    ['file-lock', fileLock, true],
    ['session-lock, which ran out', sessionLock, true],
    ['session-lock, for an hour', sessionLock.with({ ttlMs: 3_600_000 }), false],
    ['branch, paths', branch, false],
    ['branch, siblings', branch.with({ invalidation: 'siblings' }), false],
    ['branch, global', branch.with({ invalidation: 'global' }), false],
    ['branch, none', branch.with({ invalidation: 'none' }), true],
    ['worktree', worktree, false],
    ['silent-skip', silentSkip, true],
  ] as const)('under %s', async (_name, isolation, isLost) => {
    const kernel = kernelWith({ isolation })
    const { simulation, trace, ending, unreached } = await play({ kernel, instance, chance })
    expect([ending?.kind, unreached]).toEqual(['done', []])
    const after = simulation.world.data()
    const found = check({ instance, before: instance.world, after, trace })
    expect(found.map(({ name }) => name)).toEqual(isLost ? ['lost-update'] : [])
  })
})

describe('branches of two jobs', () => {
  /** The second is over while the first still speaks. */
  const long: Work = { writes: ['a', 'a2'], fileTokens: 300 }
  const apart: Work[] = [long, { writes: ['b'] }]
  const same: Work[] = [{ writes: ['a'], fileTokens: 300 }, { writes: ['a'] }]
  const redone = [
    ['job-2', 'commit'],
    ['job-1', 'conflict'],
    ['job-1~2', 'commit'],
  ]
  const kept = [
    ['job-2', 'commit'],
    ['job-1', 'commit'],
  ]

  it.each([
    ['paths', kept, redone],
    ['siblings', redone, redone],
    ['global', redone, redone],
    ['none', kept, kept],
  ] as const)('under %s', async (invalidation, onApart, onSame) => {
    const isolation = branch.with({ invalidation })
    const files = await acted(isolation, apart)
    expect(moves(files)).toEqual(onApart)
    expect(Object.keys(filesOf(files))).toEqual(['a', 'a2', 'b'])
    const file = await acted(isolation, same)
    expect(moves(file)).toEqual(onSame)
    // The first job is the last to commit, whoever checks.
    expect(filesOf(file).a).toMatch(/^a by job-1/)
  })

  it('end at their next request once they are stale', async () => {
    const played = await acted(branch.with({ invalidation: 'siblings' }), apart)
    const asked = ofKind(played.trace, 'request').map(({ session }) => session)
    expect(asked.filter((session) => session === 'job-1')).toHaveLength(1)
  })

  it('know four policies', () => {
    expect(() => branch.with({ invalidation: 'epoch' })).toThrow(/paths, siblings, global, none/)
  })
})

describe('worktrees', () => {
  const files = { a: 'one\ntwo\nthree\nfour\nfive' }
  const slow: Work = { writes: ['a'], answerTokens: 300 }

  it('merge what two jobs changed in one file', async () => {
    const works = [
      { ...slow, content: 'ONE\ntwo\nthree\nfour\nfive' },
      { writes: ['a'], content: 'one\ntwo\nthree\nfour\nFIVE\nsix' },
    ]
    const played = await acted(worktree, works, { files })
    expect(filesOf(played).a).toBe('ONE\ntwo\nthree\nfour\nFIVE\nsix')
    expect(moves(played)).toEqual([
      ['job-2', 'commit'],
      ['job-1', 'commit'],
    ])
  })

  it('do a job again whose lines another changed', async () => {
    const works = [
      { ...slow, content: 'ONE\ntwo\nthree\nfour\nfive' },
      { writes: ['a'], content: 'eins\ntwo\nthree\nfour\nfive' },
    ]
    const played = await acted(worktree, works, { files })
    expect(moves(played)).toEqual([
      ['job-2', 'commit'],
      ['job-1', 'abort'],
      ['job-1~2', 'commit'],
    ])
    expect(filesOf(played).a).toMatch(/^ONE/)
  })

  it('read at the merge only what they changed', async () => {
    const played = await acted(worktree, [{ writes: ['a'], content: 'x' }], {
      files: { ...files, b: 'not touched' },
    })
    expect(ofKind(played.trace, 'read').map(({ path }) => path)).not.toContain('b')
  })
})

describe('a file lock', () => {
  const both: Work[] = [{ writes: ['a'] }, { writes: ['a'] }]
  const calledMs = ({ trace }: Played) => ofKind(trace, 'call').map(({ at }) => Math.round(at))

  it('keeps two calls on one file apart, and only those', async () => {
    const [first = 0, second = 0] = calledMs(await acted(fileLock, both))
    expect(second - first).toBeGreaterThanOrEqual(20)
    const [one, other] = calledMs(await acted(fileLock, [{ writes: ['a'] }, { writes: ['b'] }]))
    expect(one).toBe(other)
  })

  /** A kernel that finds a lock on the disk, held until then. */
  const finding = (untilMs: number): Kernel => {
    const kernel = kernelWith({ isolation: fileLock })
    return {
      ...kernel,
      async boot(machine) {
        await machine.disk.create('locks/a.7', String(untilMs))
        await kernel.boot(machine)
      },
    }
  }
  const instance = usersDoing([{ writes: ['a'] }])

  it('is an error to the model where it is not to be had in time', async () => {
    const played = await play({ kernel: finding(8000), instance })
    const [refused, done] = results(played)
    expect(refused).toBe('Error: could not acquire lock on a within 5 s')
    expect(done).toMatch(/^Wrote/)
  })

  it('is taken over once its time is up', async () => {
    const played = await play({ kernel: finding(3000), instance })
    expect(results(played)).toHaveLength(1)
    expect(calledMs(played)[0]).toBeGreaterThan(3000)
    expect([...played.simulation.disk.keys()]).toEqual(['locks/a.8'])
  })

  it('of a kernel that went down holds others up for its time at most', async () => {
    const chance = { 'job-1/call#1/crash': true, 'job-1/call#1/landed': false }
    const played = await acted(fileLock, [{ writes: ['a'] }], { chance })
    expect([played.ending?.kind, played.unreached]).toEqual(['done', []])
    expect(filesOf(played).a).toMatch(/^a by job-1/)
    expect(repliedMs(played, 'job-1')).toBeGreaterThan(15_000)
    expect(repliedMs(played, 'job-1')).toBeLessThan(25_000)
  })
})

describe('a session lock', () => {
  it('lets one job after the other at the files, by whatever kernel', async () => {
    const works: Work[] = [{ writes: ['a', 'b'] }, { writes: ['a'] }]
    const played = await acted(sessionLock, works)
    const asked = ofKind(played.trace, 'request').map(({ session }) => session)
    expect(asked).toEqual(['job-1', 'job-1', 'job-1', 'job-2', 'job-2'])
  })

  it('of a kernel that went down runs out', async () => {
    const chance = { 'job-1/call#1/crash': true, 'job-1/call#1/landed': false }
    const played = await acted(sessionLock, [{ writes: ['a'] }], { chance })
    expect(played.ending?.kind).toBe('done')
    expect(repliedMs(played, 'job-1')).toBeGreaterThan(300_000)
    expect(repliedMs(played, 'job-1')).toBeLessThan(310_000)
  })
})

describe('locks on the disk', () => {
  const LEASE = { ttlMs: 1000, timeoutMs: 60_000, retryMs: 10 }

  it('have one holder at a time, in whatever order things happen', async () => {
    for (let seed = 0; seed < 40; seed++) {
      let holders = 0
      let turns = 0
      const kernel = kernelOf(async (machine) => {
        for await (const { id } of machine.jobs) {
          // All find a lock that has run out, as after a crash.
          await machine.disk.create('locks/x.1', '1')
          for (let i = 0; i < 3; i++) {
            const lock = await acquire(machine, 'x', LEASE)
            expect(lock).toBeDefined()
            expect(++holders).toBe(1)
            turns++
            await machine.clock.sleep(seed % 4)
            holders--
            if (lock !== undefined) await release(machine, lock)
          }
          machine.reply(id, 'done')
        }
      })
      const instance = instanceWith({ users: usersWith(4) })
      const { pace, ...rest } = await house.profile('flawless')
      const profile = { ...rest, pace: { ...pace, yield: 0.5 } }
      const { ending } = await play({ kernel, instance, chance: `${seed}`, profile })
      expect([ending, turns]).toEqual([{ kind: 'done' }, 12])
    }
  })

  it('that were taken over are not given back by who had them first', async () => {
    const seen: unknown[] = []
    const kernel = kernelOf(async (machine) => {
      for await (const { id } of machine.jobs) {
        const first = await acquire(machine, 'x', LEASE)
        await machine.clock.sleep(2000)
        const second = await acquire(machine, 'x', LEASE)
        if (first !== undefined) await release(machine, first)
        seen.push(second?.file, await acquire(machine, 'x', { ...LEASE, timeoutMs: 100 }))
        machine.reply(id, 'done')
      }
    })
    await play({ kernel, instance: instanceWith() })
    expect(seen).toEqual(['locks/x.2', undefined])
  })
})

describe('silent skip', () => {
  it('answers only the first call of an answer, and tells the others as done', async () => {
    const work: Work = { writes: ['a', 'b', 'c'], isBatch: true }
    const played = await acted(silentSkip, [work])
    expect(Object.keys(filesOf(played))).toEqual(['a'])
    expect(results(played)).toEqual(['Wrote 36 characters to a.', '', ''])
    expect(played.ending?.kind).toBe('done')
  })

  it('skips every call of a tool that failed once', async () => {
    const chance = { 'job-1/call#1/tool-error': true }
    const played = await acted(silentSkip, [{ writes: ['a', 'b'] }], { chance })
    const [failed, ...others] = results(played)
    expect(failed).toMatch(/^Tool calling error: /)
    expect(new Set(others)).toEqual(new Set(['']))
    expect(filesOf(played)).toEqual({})
  })

  it('skips, without its lock, what another agent is calling', async () => {
    const kernel = (serialises: number) =>
      kernelWith({
        isolation: silentSkip.with({ serialises }),
        scheduler: roundRobin.with({ answersAtOnce: 2 }),
      })
    const instance = usersDoing([{ writes: ['a'] }, { writes: ['b'] }], { world: { files: {} } })
    expect(Object.keys(filesOf(await play({ kernel: kernel(0), instance })))).toEqual(['a'])
    const orderly = await play({ kernel: kernel(1), instance })
    expect(Object.keys(filesOf(orderly))).toEqual(['a', 'b'])
    const [first = 0, second = 0] = ofKind(orderly.trace, 'call').map(({ at }) => at)
    expect(second - first).toBeCloseTo(20)
  })
})
