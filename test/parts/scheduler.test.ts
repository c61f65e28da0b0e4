// Whose turn at the model it is: order, slices, what a pre-empted answer costs, and who never comes to an end.
import { describe, expect, it } from 'vitest'
import type { Part } from '../../harnesses/kernel.ts'
import byToken from '../../harnesses/parts/interrupt/by-token.ts'
import deadline from '../../harnesses/parts/scheduler/deadline.ts'
import fairShare from '../../harnesses/parts/scheduler/fair-share.ts'
import feedback from '../../harnesses/parts/scheduler/feedback.ts'
import fifo from '../../harnesses/parts/scheduler/fifo.ts'
import restart from '../../harnesses/parts/scheduler/preempt-and-restart.ts'
import priority from '../../harnesses/parts/scheduler/priority.ts'
import roundRobin from '../../harnesses/parts/scheduler/round-robin.ts'
import { ofKind, type Played, play } from '../machine/rig.ts'
import { kernelWith, usersDoing, type Work } from './users.ts'

const served = (scheduler: Part<'scheduler'>, works: readonly Work[]): Promise<Played> =>
  play({ kernel: kernelWith({ scheduler, interrupt: byToken }), instance: usersDoing(works) })

const requests = ({ trace }: Played): [number, string][] =>
  ofKind(trace, 'request').map(({ at, session }) => [at, session])

const replies = ({ trace }: Played): string[] => ofKind(trace, 'reply').map(({ job }) => job)

const repliedMs = ({ trace }: Played, job: string): number =>
  Math.round(ofKind(trace, 'reply').find((reply) => reply.job === job)?.at ?? Number.NaN)

/** Tokens that the model spoke, heard to the end or not. */
const spoken = ({ trace }: Played): number =>
  ofKind(trace, 'generation').reduce((sum, { usage }) => sum + usage.output, 0)

const interrupts = ({ trace }: Played): number => ofKind(trace, 'interrupt').length

/** 5,700 ms: 700 to the first token, then 60 a second. */
const LONG: Work = { answerTokens: 300 }
/** 900 ms. */
const SHORT: Work = { answerTokens: 12 }

describe('fifo', () => {
  it('asks what is in the queue at an interval, as one batch', async () => {
    const played = await served(fifo, [SHORT, { ...SHORT, arrivesMs: 300 }])
    expect(requests(played)).toEqual([
      [1000, 'job-1'],
      [1000, 'job-2'],
    ])
  })

  it('lets the next batch wait for the longest answer of the one before', async () => {
    const played = await served(fifo, [LONG, SHORT, { ...SHORT, arrivesMs: 1500 }])
    expect(requests(played).at(-1)).toEqual([1000 + 5700 + 1000, 'job-3'])
    expect(replies(played)).toEqual(['job-2', 'job-1', 'job-3'])
  })

  it('has an interval', () => {
    for (const batchIntervalMs of [0, -1, Number.NaN])
      expect(() => fifo.with({ batchIntervalMs })).toThrow(TypeError)
  })

  it('keeps its beat while nobody asks', async () => {
    const quick = fifo.with({ batchIntervalMs: 400 })
    const played = await served(quick, [{ ...SHORT, arrivesMs: 10_100 }])
    expect(requests(played)).toEqual([[10_400, 'job-1']])
  })
})

describe('round robin', () => {
  it('gives each a slice, and costs no token more where the model can stand still', async () => {
    const played = await served(roundRobin, [LONG, LONG])
    expect(requests(played)).toEqual([
      [0, 'job-1'],
      [1000, 'job-2'],
    ])
    expect(spoken(played)).toBe(600)
    expect(interrupts(played)).toBe(0)
    // 5 slices each, and 700 ms: the one is over when the other has its last 700 ms to go.
    expect([repliedMs(played, 'job-1'), repliedMs(played, 'job-2')]).toEqual([10_700, 11_400])
  })

  it('lets a short answer through while a long one is spoken', async () => {
    const played = await served(roundRobin, [LONG, { ...SHORT, arrivesMs: 100 }])
    expect(repliedMs(played, 'job-2')).toBe(1900)
    expect(repliedMs(played, 'job-1')).toBe(6600)
  })

  it('speaks tokens again where what was spoken is thrown away', async () => {
    const kind = roundRobin.with({ onPreempt: 'discard', sliceMs: 4000 })
    const played = await served(kind, [LONG, { ...SHORT, arrivesMs: 100 }])
    expect(played.ending).toEqual({ kind: 'done' })
    expect(interrupts(played)).toBe(1)
    // 3,300 ms of speech at 60 tokens a second are lost.
    expect(spoken(played)).toBe(300 + 12 + 198)
    expect(repliedMs(played, 'job-1')).toBe(4000 + 900 + 5700)
  })

  it('never ends where two answers longer than a slice throw each other away', async () => {
    const played = await served(roundRobin.with({ onPreempt: 'discard' }), [LONG, LONG])
    expect(played.ending).toEqual({ kind: 'stuck', reason: '100 requests' })
    expect(replies(played)).toEqual([])
  })

  it('puts what was kept at the end of the next request, and says nothing twice', async () => {
    const kind = roundRobin.with({ onPreempt: 'keep', sliceMs: 4000 })
    const played = await served(kind, [LONG, { ...SHORT, arrivesMs: 100 }])
    const again = ofKind(played.trace, 'request').find(
      ({ session, n }) => session === 'job-1' && n === 2,
    )
    const [, last] = again?.added.at(-1) ?? []
    const [cut] = ofKind(played.trace, 'generation')
    expect(last?.role).toBe('assistant')
    expect(last?.content).toBe(cut?.content)
    expect(cut?.content.length).toBeGreaterThan(900)
    const whole = await served(roundRobin, [LONG])
    const text = ({ trace }: Played) =>
      ofKind(trace, 'reply').find(({ job }) => job === 'job-1')?.text
    expect(text(played)).toBe(text(whole))
  })

  it('hears an answer out that has begun a call, unless calls can be pre-empted', async () => {
    const calling: Work = { writes: ['a'], fileTokens: 200 }
    const heardOut = await served(roundRobin, [calling, LONG])
    const [, second] = requests(heardOut)
    expect(second).toEqual([ofKind(heardOut.trace, 'generation')[0]?.at, 'job-2'])
    const sliced = await served(roundRobin.with({ toolCallsPreemptible: 1 }), [calling, LONG])
    expect(requests(sliced)[1]).toEqual([1000, 'job-2'])
  })

  it('never takes a slice away where nobody waits', async () => {
    const played = await served(roundRobin.with({ onPreempt: 'discard' }), [LONG])
    expect(repliedMs(played, 'job-1')).toBe(5700)
    expect(requests(played)).toHaveLength(1)
  })

  it('speaks two answers at once where there are two places', async () => {
    const played = await served(roundRobin.with({ answersAtOnce: 2 }), [LONG, LONG])
    expect([repliedMs(played, 'job-1'), repliedMs(played, 'job-2')]).toEqual([5700, 5700])
  })

  it('lets go of a job that is taken back while it waits', async () => {
    const back = { ...SHORT, arrivesMs: 100, withdrawnMs: 300 }
    const played = await served(roundRobin.with({ sliceMs: 60_000 }), [LONG, back, SHORT])
    expect(repliedMs(played, 'job-2')).toBe(300)
    expect(requests(played).map(([, session]) => session)).toEqual(['job-1', 'job-3'])
  })

  it('lets go of a job that is taken back while its answer stands still', async () => {
    const back = { ...LONG, withdrawnMs: 1500 }
    const played = await served(roundRobin, [back, LONG])
    expect(repliedMs(played, 'job-1')).toBe(1500)
    expect(repliedMs(played, 'job-2')).toBe(6700)
    expect(interrupts(played)).toBe(1)
    expect(played.ending).toEqual({ kind: 'done' })
  })

  it('knows three ways to pre-empt', () => {
    expect(() => roundRobin.with({ onPreempt: 'restart' })).toThrow(/discard, keep, resume/)
  })
})

describe('preempt and restart', () => {
  it('never ends though nobody else is there', async () => {
    const played = await served(restart, [LONG])
    expect(played.ending).toEqual({ kind: 'stuck', reason: '100 requests' })
  })

  it('goes well while every answer fits its slice', async () => {
    const played = await served(restart, [SHORT, SHORT])
    expect(played.ending).toEqual({ kind: 'done' })
    expect(interrupts(played)).toBe(0)
  })
})

describe('priority', () => {
  const works: Work[] = [
    LONG,
    { ...SHORT, arrivesMs: 100 },
    { ...SHORT, arrivesMs: 200, priority: 2 },
  ]

  it('gives the next turn to the most urgent, and finishes what is under way', async () => {
    const played = await served(priority, works)
    expect(replies(played)).toEqual(['job-1', 'job-3', 'job-2'])
    expect(interrupts(played)).toBe(0)
  })

  it('cuts off what is less urgent at once where it is preemptive', async () => {
    const played = await served(priority.with({ preemptive: 1 }), works)
    expect(replies(played)).toEqual(['job-3', 'job-2', 'job-1'])
    expect(repliedMs(played, 'job-3')).toBe(200 + 900)
    expect(interrupts(played)).toBe(1)
  })

  it('goes on where it was where the model can stand still', async () => {
    const played = await served(priority.with({ preemptive: 1, onPreempt: 'resume' }), works)
    expect(replies(played)).toEqual(['job-3', 'job-2', 'job-1'])
    expect(repliedMs(played, 'job-1')).toBe(5700 + 2 * 900)
    expect(spoken(played)).toBe(324)
  })
})

describe('deadline', () => {
  const works: Work[] = [
    { ...LONG, deadlineMs: 60_000 },
    { ...SHORT, arrivesMs: 100 },
    { ...SHORT, arrivesMs: 200, deadlineMs: 5000, priority: -1 },
  ]

  it('cuts off what is due later, and leaves what is never due for the end', async () => {
    const played = await served(deadline, works)
    expect(replies(played)).toEqual(['job-3', 'job-1', 'job-2'])
    expect(repliedMs(played, 'job-3')).toBe(200 + 900)
    expect(interrupts(played)).toBe(1)
  })

  it('finishes what is under way where it is not preemptive', async () => {
    const played = await served(deadline.with({ preemptive: 0 }), works)
    expect(replies(played)).toEqual(['job-1', 'job-3', 'job-2'])
    expect(interrupts(played)).toBe(0)
  })

  it('is the order of coming among those that are never due', async () => {
    const played = await served(deadline, [SHORT, { ...SHORT, arrivesMs: 100 }, SHORT])
    expect(replies(played)).toEqual(['job-1', 'job-3', 'job-2'])
  })
})

describe('fair share', () => {
  const flood: Work[] = Array.from({ length: 5 }, () => ({ ...LONG, user: 'ana' }))
  const small: Work = { ...SHORT, user: 'ben', arrivesMs: 4100 }

  it('gives a user the next slice, however many jobs another has, and the others as before', async () => {
    const played = await served(fairShare, [...flood, small])
    expect(repliedMs(played, 'job-6')).toBe(5000 + 900)
    const among = await served(roundRobin, [...flood, small])
    expect(repliedMs(among, 'job-6')).toBeGreaterThan(9000)
    expect(spoken(played)).toBe(5 * 300 + 12)
  })

  it('gives two users half each, one of them with two jobs', async () => {
    const three = [LONG, LONG, LONG].map((work, i) => ({ ...work, user: i < 2 ? 'ana' : 'ben' }))
    const played = await served(fairShare, three)
    // 5,700 ms of work, and as much of the other user's meanwhile, to within a slice.
    expect(repliedMs(played, 'job-3')).toBeGreaterThan(10_000)
    expect(repliedMs(played, 'job-3')).toBeLessThan(12_500)
    expect(replies(played)[0]).toBe('job-3')
  })

  it('gives a newcomer no credit for the time before it came', async () => {
    const late = { ...LONG, user: 'ben', arrivesMs: 10_050 }
    const played = await served(fairShare, [...flood, late])
    // Had it the model for itself, it would be there at 15,750.
    expect(repliedMs(played, 'job-6')).toBeGreaterThan(20_000)
  })
})

describe('feedback', () => {
  it('lets a newcomer overtake those who have used up their slices', async () => {
    const played = await served(feedback, [LONG, LONG, { ...SHORT, arrivesMs: 2500 }])
    expect(replies(played)[0]).toBe('job-3')
    expect(repliedMs(played, 'job-3')).toBe(2500 + 900)
    expect(spoken(played)).toBe(612)
    // Who was overtaken has used up no slice, and does not sink for it: the other sinks first.
    expect([repliedMs(played, 'job-2'), repliedMs(played, 'job-1')]).toEqual([10_100, 12_300])
  })

  it('gives longer slices the lower a job has sunk', async () => {
    const played = await served(feedback.with({ onPreempt: 'discard' }), [LONG, LONG])
    const cuts = ofKind(played.trace, 'interrupt').map(({ at, session }) => [at, session])
    expect(cuts.slice(0, 4)).toEqual([
      [1000, 'job-1'],
      [2000, 'job-2'],
      [4000, 'job-1'],
      [6000, 'job-2'],
    ])
  })
})

it('a scheduler that fails ends the run as it would without it', async () => {
  const throwing = {
    ...byToken,
    policy: {
      spent(): never {
        throw new Error('no more')
      },
    },
  }
  for (const scheduler of [fifo, roundRobin]) {
    const kernel = kernelWith({ scheduler, interrupt: throwing })
    const { ending } = await play({ kernel, instance: usersDoing([SHORT, LONG]) })
    expect(ending).toEqual({ kind: 'crash', reason: 'threw: no more' })
  }
})
