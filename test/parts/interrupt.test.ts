// A job that its user takes back: what is still asked, called and done for it, when it is over, and what is left
// behind on the disk.
import { describe, expect, it } from 'vitest'
import { type Message, type Part, part } from '../../harnesses/kernel.ts'
import jsonl from '../../harnesses/parts/checkpoint/jsonl.ts'
import betweenSteps from '../../harnesses/parts/interrupt/between-steps.ts'
import byToken from '../../harnesses/parts/interrupt/by-token.ts'
import none from '../../harnesses/parts/interrupt/none.ts'
import orphansAnswered from '../../harnesses/parts/interrupt/orphans-answered.ts'
import branch from '../../harnesses/parts/isolation/branch.ts'
import worktree from '../../harnesses/parts/isolation/worktree.ts'
import { ofKind, type Play, type Played, play } from '../machine/rig.ts'
import { kernelWith, usersDoing, type Work } from './users.ts'

const PARTS = { none, betweenSteps, byToken, orphansAnswered }

/** Three files, 2,000 ms an answer and 20 ms a call: taken back while the second answer is spoken. */
const STEPS: Work = { writes: ['a', 'b', 'c'], fileTokens: 60, withdrawnMs: 3800 }

type Slots = Parameters<typeof kernelWith>[0]

const taken = (work: Work, slots: Slots, of: Partial<Play> = {}): Promise<Played> =>
  play({ kernel: kernelWith({ checkpoint: jsonl, ...slots }), instance: usersDoing([work]), ...of })

const withdrawnMs = ({ trace }: Played): number => ofKind(trace, 'withdraw')[0]?.at ?? Number.NaN

/** What was done after the job was taken back. */
function after(played: Played) {
  const since = withdrawnMs(played)
  const count = (kind: 'request' | 'effect'): number =>
    ofKind(played.trace, kind).filter(({ at }) => at > since).length
  const [reply] = ofKind(played.trace, 'reply')
  return {
    requests: count('request'),
    effects: count('effect'),
    cuts: ofKind(played.trace, 'interrupt').length,
    replyMs: Math.round((reply?.at ?? Number.NaN) - since),
  }
}

const onDisk = ({ simulation }: Played): Message[] =>
  (simulation.disk.get('job-1.jsonl') ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))

/** Each call has its result, in order, and arguments that can be read. */
function expectValid(messages: readonly Message[]): void {
  const calls = messages.flatMap((message) => message.calls ?? [])
  const results = messages.filter(({ role }) => role === 'tool')
  expect(results.map(({ callId }) => callId)).toEqual(calls.map(({ id }) => id))
  for (const { args } of calls) expect(() => JSON.parse(args)).not.toThrow()
}

describe('a job that is taken back while an answer is spoken', () => {
  it.each([
    ['none', { requests: 2, effects: 2, cuts: 0 }],
    ['betweenSteps', { requests: 0, effects: 1, cuts: 0 }],
    ['byToken', { requests: 0, effects: 0, cuts: 1 }],
    ['orphansAnswered', { requests: 0, effects: 0, cuts: 1 }],
  ] as const)('%s', async (name, expected) => {
    const played = await taken(STEPS, { interrupt: PARTS[name] })
    expect(played.ending).toEqual({ kind: 'done' })
    expect(after(played)).toMatchObject(expected)
    expectValid(onDisk(played))
  })

  it('is over at once only where the answer is cut off', async () => {
    const ms = async (interrupt: Part<'interrupt'>) =>
      after(await taken(STEPS, { interrupt })).replyMs
    expect(await ms(byToken)).toBe(0)
    expect(await ms(orphansAnswered)).toBe(0)
    expect(await ms(betweenSteps)).toBe(242)
    expect(await ms(none)).toBeGreaterThan(2000)
  })
})

describe('an answer of several calls that is cut off in the second', () => {
  const batch: Work = { ...STEPS, isBatch: true, withdrawnMs: 3000 }

  it('is dropped as a whole by an abort signal', async () => {
    const played = await taken(batch, { interrupt: byToken })
    expect(ofKind(played.trace, 'generation')[0]?.calls).toHaveLength(2)
    expect(onDisk(played)).toEqual([])
    expect(ofKind(played.trace, 'call')).toEqual([])
  })

  it('is kept as far as it was spoken whole, and answered "aborted"', async () => {
    const played = await taken(batch, { interrupt: orphansAnswered })
    expect(ofKind(played.trace, 'call')).toEqual([])
    const messages = onDisk(played)
    expectValid(messages)
    expect(messages.at(-2)?.calls?.map(({ id }) => id)).toEqual(['job-1.write-1.1'])
    expect(messages.at(-1)).toMatchObject({ role: 'tool', content: 'aborted', isError: true })
  })
})

describe('a job that is taken back while a call runs', () => {
  const batch: Work = { ...STEPS, isBatch: true, withdrawnMs: 4630 }

  it.each(['byToken', 'orphansAnswered'] as const)(
    '%s begins no other call, and leaves none unanswered',
    async (name) => {
      const played = await taken(batch, { interrupt: PARTS[name] })
      const called = ofKind(played.trace, 'call').map(({ at }) => Math.round(at))
      expect(called).toEqual([4620, 4640])
      expect(after(played)).toMatchObject({ requests: 0, effects: 1 })
      const messages = onDisk(played)
      expectValid(messages)
      expect(messages.filter(({ role }) => role === 'tool').map(({ isError }) => isError)).toEqual([
        false,
        false,
        true,
      ])
    },
  )

  it('hears a slow call out, or gives it up when the grace is over', async () => {
    const chance = { 'job-1/call#1/tool-timeout': true }
    const slow = { ...STEPS, withdrawnMs: 2500 }
    const ms = async (interrupt: Part<'interrupt'>) =>
      after(await taken(slow, { interrupt }, { chance })).replyMs
    expect(await ms(byToken)).toBeGreaterThan(25_000)
    // And a millisecond to write it down.
    expect(await ms(orphansAnswered)).toBe(101)
    expect(await ms(orphansAnswered.with({ graceMs: 700 }))).toBe(701)
  })

  it('does not begin the second half of a call that is two in the world', async () => {
    const twice = part({
      slot: 'tools',
      about: 'looks before it writes',
      source: '-',
      policy: {
        async run(call, _c, next) {
          await next({ ...call, name: 'list_files', args: {} })
          return next(call)
        },
      },
    })
    for (const interrupt of [byToken, orphansAnswered]) {
      const played = await taken({ ...STEPS, withdrawnMs: 2010 }, { interrupt, tools: twice })
      expect(ofKind(played.trace, 'call').map(({ name }) => name)).toEqual(['list_files'])
      expect(ofKind(played.trace, 'effect')).toEqual([])
      expectValid(onDisk(played))
    }
  })
})

describe('a job that is taken back', () => {
  it.each([
    ['branch', branch],
    ['worktree', worktree],
  ])('leaves nothing of its %s behind, unless nobody minds', async (_name, isolation) => {
    const left = async (interrupt: Part<'interrupt'>) => {
      const { simulation } = await taken(STEPS, { interrupt, isolation })
      return Object.keys(simulation.world.data().files)
    }
    expect(await left(byToken)).toEqual(['a.txt'])
    expect(await left(betweenSteps)).toEqual(['a.txt'])
    expect(await left(none)).toEqual(['a', 'a.txt', 'b', 'c'])
  })

  it('before it was begun asks the model nothing', async () => {
    const { users, ...rest } = usersDoing([
      { ...STEPS, withdrawnMs: 60_000 },
      { ...STEPS, arrivesMs: 100, withdrawnMs: 200 },
    ])
    const instance = { ...rest, users: [{ id: 'ana', jobs: users.flatMap(({ jobs }) => jobs) }] }
    for (const interrupt of [betweenSteps, byToken, orphansAnswered]) {
      const { trace } = await play({ kernel: kernelWith({ interrupt }), instance })
      expect(ofKind(trace, 'request').filter(({ session }) => session === 'job-2')).toEqual([])
    }
  })
})
