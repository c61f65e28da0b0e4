// Fork, Explore, Commit, mechanism by mechanism: a branch for each job, the first commit wins, siblings go stale, who
// lost starts over, and what is not rolled back.
import { describe, expect, it } from 'vitest'
import branching from '../../harnesses/kernels/branching.ts'
import { drawn, house, instanceWith, ofKind, type Played, play, usersWith } from '../machine/rig.ts'
import { call, says } from '../parts/scripted.ts'
import { usersDoing, type Work } from '../parts/users.ts'
import { resultsIn, walk } from './walk.ts'

/** What became of branches, by their jobs; they are begun by the kernel, for whoever comes next. */
const moves = ({ trace }: Played): string[] =>
  ofKind(trace, 'branch').map(({ session, move }) =>
    move === 'begin' ? move : `${session} ${move}`,
  )

const files = ({ simulation }: Played): Readonly<Record<string, string>> =>
  simulation.world.data().files

const acted = (works: readonly Work[], chance = {}): Promise<Played> =>
  play({ kernel: branching, instance: usersDoing(works), chance })

/** The first is still at work when the second has committed. */
const SLOW: Work = { writes: ['a', 'a2'], fileTokens: 300 }
const QUICK: Work = { writes: ['b'] }

const write = (path: string, content = path) => says('', call('w', 'write_file', { path, content }))

describe('a branch', () => {
  it('holds what is written until it is committed: the others see nothing of it', async () => {
    const seen: string[][] = []
    const users = usersWith(2).map(({ id, jobs }) => ({
      id,
      jobs: jobs.map((job) => ({ ...job, prompt: job.id })),
    }))
    const { trace } = await walk(
      branching,
      ({ messages }) => {
        if (messages[1]?.content === 'job-1')
          return messages.length < 20 ? write('a') : says('Done.')
        seen.push(resultsIn(messages))
        return messages.length < 8 ? says('', call('l', 'list_files')) : says('Done.')
      },
      { instance: instanceWith({ users }) },
    )
    expect(ofKind(trace, 'effect').length).toBeGreaterThan(0)
    expect(seen.at(-1)).toEqual(['a.txt', 'a.txt', 'a.txt'])
  })

  it('is committed as a whole at the end of its job', async () => {
    const played = await acted([SLOW])
    expect(moves(played)).toEqual(['begin', 'job-1 commit'])
    expect(Object.keys(files(played)).sort()).toEqual(['a', 'a2', 'a.txt'].sort())
  })
})

describe('of two branches', () => {
  it('the first to commit wins, and its sibling goes stale, though it wrote other files', async () => {
    const played = await acted([SLOW, QUICK])
    expect(moves(played)).toEqual([
      'begin',
      'begin',
      'job-2 commit',
      'job-1 conflict',
      'begin',
      'job-1~2 commit',
    ])
    expect(Object.keys(files(played)).sort()).toEqual(['a', 'a.txt', 'a2', 'b'])
  })

  it('the loser is ended before its next request, and does its work again from the start', async () => {
    const { trace } = await acted([{ ...SLOW, writes: ['a', 'a2', 'a3', 'a4'] }, QUICK])
    const committed = ofKind(trace, 'branch').find(({ move }) => move === 'commit')?.at ?? 0
    const asked = ofKind(trace, 'request').filter(
      ({ session, at }) => session === 'job-1' && at > committed,
    )
    expect(asked).toEqual([])
    const [again] = ofKind(trace, 'request').filter(({ session }) => session === 'job-1~2')
    expect(again?.added.map(([, { role }]) => role)).toEqual(['system', 'user'])
    expect(ofKind(trace, 'reply').map(({ job }) => job)).toEqual(['job-2', 'job-1'])
  })

  it('neither update is lost', async () => {
    const instance = await drawn('isolation/lost-update')
    const chance = { 'add-a/update/1/slow': 600_000 }
    const played = await play({ kernel: branching, instance, chance })
    const { check } = await house.scenario('isolation/lost-update')
    const after = played.simulation.world.data()
    expect(check({ instance, before: instance.world, after, trace: played.trace })).toEqual([])
    expect(moves(played)).toContain('add-a conflict')
  })

  it('nothing beside the files is rolled back: the loser pays twice', async () => {
    const pay = call('p', 'make_payment', { payee: 'x', amount: '5', reference: 'r' })
    const users = ['job-1', 'job-2'].map((id, i) => ({
      id: `user-${i}`,
      jobs: [{ id, prompt: id, arrivesMs: 0 }],
    }))
    const { simulation, trace } = await walk(
      branching,
      ({ messages }) => {
        if (messages[1]?.content === 'job-2')
          return messages.length < 4 ? write('b') : says('Done.')
        if (messages.length < 4) return says('', pay)
        return messages.length < 12 ? write('a') : says('Done.')
      },
      { instance: instanceWith({ users, world: { files: {}, payments: [] } }) },
    )
    expect(ofKind(trace, 'branch').some(({ move }) => move === 'conflict')).toBe(true)
    expect(simulation.world.data().payments).toHaveLength(2)
    expect(simulation.world.data().files).toEqual({ a: 'a', b: 'b' })
  })

  it('one that loses again and again gives up after its third new start', async () => {
    const users = [
      { id: 'ana', jobs: [{ id: 'job-0', prompt: 'slow', arrivesMs: 0 }] },
      {
        id: 'ben',
        jobs: Array.from({ length: 9 }, (_, i) => ({
          id: `job-${i + 1}`,
          prompt: 'q',
          arrivesMs: 0,
        })),
      },
    ]
    const { trace } = await walk(
      branching,
      ({ messages }) => {
        if (messages[1]?.content === 'q') return messages.length < 4 ? write('b') : says('Done.')
        return messages.length < 30 ? write('a') : says('Done.')
      },
      { instance: instanceWith({ users }) },
    )
    const conflicts = ofKind(trace, 'branch').filter(({ move }) => move === 'conflict')
    expect(conflicts.map(({ session }) => session)).toEqual([
      'job-0',
      'job-0~2',
      'job-0~3',
      'job-0~4',
    ])
    expect(ofKind(trace, 'reply').find(({ job }) => job === 'job-0')?.text).toBe(
      'Stopped: the files changed under me again and again.',
    )
  })
})

describe('what is told', () => {
  it.each([
    ['read_fiel', '{}', /^Error: no such tool: read_fiel\. Available tools: .*read_file/],
    [
      'read_file',
      '{"path',
      /^Error: the arguments of read_file are not valid JSON and nothing was run/,
    ],
  ])('of %s %s', async (name, args, why) => {
    const { requests, ran } = await walk(branching, [says('', call('x', name, args))])
    expect(resultsIn(requests[1]?.messages ?? [])[0]).toMatch(why)
    expect(ran).toEqual([])
  })
})

describe('a job that is taken back', () => {
  it('leaves nothing: its branch is discarded', async () => {
    const played = await acted([{ ...SLOW, withdrawnMs: 7000 }])
    // What was being spoken was heard out, and written on it.
    expect(ofKind(played.trace, 'effect').map(({ key }) => key)).toEqual(['a', 'a2'])
    expect(moves(played).at(-1)).toBe('job-1 abort')
    expect(Object.keys(files(played))).toEqual(['a.txt'])
    expect(ofKind(played.trace, 'reply')[0]?.text).toBe('Stopped: the user took it back.')
  })
})

describe('a crash', () => {
  it('discards the branch, and the job begins on a new one', async () => {
    for (const key of ['job-1/generate#2', 'job-1/generate#3', 'job-1/call#2']) {
      const played = await acted([SLOW], { [`${key}/crash`]: true })
      expect(played.unreached).toEqual([])
      expect(Object.keys(files(played)).sort()).toEqual(['a', 'a.txt', 'a2'])
      expect(moves(played)).toEqual(['begin', 'begin', expect.stringMatching(/commit$/)])
    }
  })
})
