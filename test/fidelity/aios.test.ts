// AIOS, mechanism by mechanism: several users' agents, their answers sliced, their tools in one queue, a lock for each
// file, notes that come back by themselves, and no context manager.
import { describe, expect, it } from 'vitest'
import aios from '../../harnesses/kernels/aios.ts'
import { instanceWith, ofKind, type Played, play } from '../machine/rig.ts'
import { call, read, says } from '../parts/scripted.ts'
import { usersDoing, type Work } from '../parts/users.ts'
import { resultsIn, TOO_LONG, walk } from './walk.ts'

/** 5,700 ms: 700 to the first token, then 60 a second. */
const LONG: Work = { answerTokens: 300 }
/** 900 ms. */
const SHORT: Work = { answerTokens: 12 }

const served = (...works: readonly Work[]): Promise<Played> =>
  play({ kernel: aios, instance: usersDoing(works) })

const repliedMs = ({ trace }: Played): Record<string, number> =>
  Object.fromEntries(ofKind(trace, 'reply').map(({ job, at }) => [job, Math.floor(at)]))

const spoken = ({ trace }: Played): number =>
  ofKind(trace, 'generation').reduce((sum, { usage }) => sum + usage.output, 0)

/** What the kernel's own disk costs at the start of a conversation. */
const OPENING = 40

describe('the queue of answers', () => {
  it('is one for all users, booted once', async () => {
    const { trace } = await served(SHORT, SHORT)
    expect(ofKind(trace, 'boot')).toHaveLength(1)
    expect(ofKind(trace, 'reply').map(({ job }) => job)).toEqual(['job-1', 'job-2'])
  })

  it('gives each a second, and goes on with an answer where it stood', async () => {
    const played = await served(LONG, LONG)
    const [first = 0, second = 0] = ofKind(played.trace, 'request').map(({ at }) => at)
    expect(second - first).toBe(1000)
    expect(ofKind(played.trace, 'request')).toHaveLength(2)
    expect(ofKind(played.trace, 'interrupt')).toEqual([])
    expect(spoken(played)).toBe(600)
    const { 'job-1': one = 0, 'job-2': two = 0 } = repliedMs(played)
    // Five slices of each and 700 ms of the one, then 700 ms of the other.
    expect(one - first).toBeGreaterThanOrEqual(10_700)
    expect(one - first).toBeLessThan(10_700 + OPENING)
    expect(two - one).toBeGreaterThanOrEqual(700)
    expect(two - one).toBeLessThan(700 + OPENING)
  })

  it('lets a short answer through while a long one is spoken', async () => {
    const { 'job-1': long = 0, 'job-2': short = 0 } = repliedMs(await served(LONG, SHORT))
    expect(short).toBeLessThan(2000 + OPENING)
    expect(long).toBeGreaterThan(6600)
  })

  it('takes no slice away where nobody waits', async () => {
    const played = await served(LONG)
    const [asked] = ofKind(played.trace, 'request')
    expect((repliedMs(played)['job-1'] ?? 0) - (asked?.at ?? 0)).toBeLessThan(5700 + OPENING)
  })

  it('hears an answer out once it calls a tool', async () => {
    const { trace } = await served({ writes: ['a'], fileTokens: 200 }, LONG)
    const [, second] = ofKind(trace, 'request')
    const [first] = ofKind(trace, 'generation')
    expect(second?.session).toBe('job-2')
    expect(second?.at).toBe(first?.at)
    expect(second?.at).toBeGreaterThan(3000)
  })
})

describe('the queue of tools', () => {
  /** Two agents' slow commands, of which the second is called while the first runs. */
  const overlapping = async (names: readonly [string, string]) => {
    const slow = (path: string): Work => ({ writes: [path], fileTokens: 1 })
    const chance = { 'job-1/call#1/tool-timeout': true }
    const instance = usersDoing(names.map(slow))
    return play({ kernel: aios, instance, chance })
  }

  it('runs one at a time, whoever calls, first come first served', async () => {
    const { trace, ending } = await overlapping(['a', 'b'])
    const [first, second] = ofKind(trace, 'call')
    expect(ending).toEqual({ kind: 'done' })
    expect([first?.session, second?.session]).toEqual(['job-1', 'job-2'])
    expect(first?.at).toBeGreaterThan(30_000)
    expect(second?.at).toBeGreaterThan(first?.at ?? 0)
  })

  it('does not forget a tool that failed: its next call runs', async () => {
    const { trace } = await overlapping(['a', 'b'])
    expect(
      ofKind(trace, 'effect')
        .map(({ key }) => key)
        .sort(),
    ).toEqual(['a', 'b'])
  })

  it.each([
    ['read_fiel', '{}', 'Tool calling error: no tool read_fiel'],
    ['read_file', '{"path', 'Tool calling error: the arguments of read_file are no JSON'],
  ])('tells an error by a string: %s %s', async (name, args, why) => {
    const { requests, ran } = await walk(aios, [says('', call('x', name, args))])
    expect(resultsIn(requests[1]?.messages ?? [])).toEqual([why])
    expect(ran).toEqual([])
  })
})

describe('the lock of a file', () => {
  it('of the dead is waited for, 5 s, and then told as an error', async () => {
    const { requests, trace } = await walk(
      aios,
      [says('', read('r1')), says('', read('r2')), says('', read('r3', 'b.txt'))],
      { chance: { 'job-1/call#1/crash': true } },
    )
    const crashed = ofKind(trace, 'crash')[0]?.at ?? 0
    const [, second, third] = requests
    expect(second?.messages).toHaveLength(2)
    expect(resultsIn(third?.messages ?? [])).toEqual([
      'Error: could not acquire lock on a.txt within 5 s',
    ])
    // Another file's is free; that of the dead, after its 15 s.
    const [other] = ofKind(trace, 'call').filter(({ at }) => at > crashed)
    expect(other?.args).toBe('{"path":"b.txt"}')
    expect((other?.at ?? 0) - crashed).toBeGreaterThan(4900)
    expect((other?.at ?? 0) - crashed).toBeLessThan(6000)
  })
})

describe('notes', () => {
  it('are put before the model where its words are like them, in this request alone', async () => {
    const users = [
      {
        id: 'ana',
        jobs: [
          { id: 'job-1', prompt: 'Keep this.', arrivesMs: 0 },
          { id: 'job-2', prompt: 'Which harbour port is it?', arrivesMs: 60_000 },
          { id: 'job-3', prompt: 'Sing.', arrivesMs: 120_000 },
        ],
      },
    ]
    const note = call('n', 'archival_memory_insert', { content: 'The harbour port is 4711.' })
    const { requests } = await walk(aios, [says('', note)], { instance: instanceWith({ users }) })
    const seen = requests.map(({ messages }) => messages[0]?.content.includes('port is 4711'))
    expect(seen).toEqual([false, true, true, false])
  })
})

describe('there is no', () => {
  it('context manager: nothing is ever dropped, and a full window is the end', async () => {
    const looks = Array.from({ length: 30 }, (_, i) => says('', read(`r${i}`)))
    const files = { 'a.txt': 'word '.repeat(300) }
    const { requests, reply } = await walk(aios, [...looks, TOO_LONG], {
      instance: instanceWith({ windowTokens: 4000, world: { files } }),
    })
    expect(reply).toBe('Stopped: too long')
    expect(requests.map(({ messages }) => messages.length)).toEqual(
      requests.map((_, i) => 2 + 2 * i),
    )
  })

  it('memory of a conversation after a crash, but of its notes', async () => {
    const note = call('n', 'archival_memory_insert', { content: 'Hello is 4711.' })
    const { requests } = await walk(aios, [says('', note), says('', read('r'))], {
      chance: { 'job-1/call#1/crash': true },
    })
    expect(requests[2]?.messages).toHaveLength(2)
    expect(requests[2]?.messages[0]?.content).toContain('4711')
  })

  it('way to stop it: a job that is taken back goes on to its end', async () => {
    const played = await served({ ...LONG, withdrawnMs: 1500 })
    expect(ofKind(played.trace, 'interrupt')).toEqual([])
    expect(spoken(played)).toBe(300)
  })
})
