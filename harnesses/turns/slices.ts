// Answers that share the model: each is spoken in as many turns at it as its scheduler gives, and what becomes
// of one that is pre-empted is the question. Only the requests of the loop itself stand in line; what a part
// asks beside them (a summary) goes to the model at once.
import type { Completion, Generation, Job, Machine, Request } from '../../sim/index.ts'
import type { Conversation, Policy } from '../policy.ts'
import { abandoned } from './interrupt.ts'
import { type Line, lineOf, type Place } from './line.ts'

/**
 * What becomes of an answer that is pre-empted. `discard`: it is thrown away and asked for again (AIOS's
 * preempt-and-restart costs the same, so it is no value of its own). `keep`: its text stands at the end of
 * the next request, as far as a provider goes on from there. `resume`: the model stands still and goes on,
 * as only one on one's own machine can.
 */
export const PREEMPTIONS = ['discard', 'keep', 'resume'] as const

type Preemption = (typeof PREEMPTIONS)[number]

export interface Rules {
  readonly onPreempt: string
  /** 1 or 0. Where it is 0 an answer that has begun a call is heard out. */
  readonly toolCallsPreemptible: number
  /** Answers that are spoken at once. */
  readonly answersAtOnce: number
  /** Pre-empted at the end of a slice though nobody waits. */
  readonly isStrict?: boolean
  /** Pre-empted at once when somebody of a lower rank comes. */
  readonly isPreemptive?: boolean
  /** The lowest comes first. */
  rank(c: Conversation): number
  /** Virtual milliseconds of a turn; to the end of the answer where nothing is said. */
  sliceMs?(c: Conversation): number
  /** A slice was used up. */
  used?(c: Conversation): void
}

/** All jobs at once, as threads are; the first to throw ends it. */
export const atOnce = (machine: Machine, one: (job: Job) => Promise<void>): Promise<void> =>
  new Promise((resolve, reject) => {
    const serve = async (): Promise<void> => {
      const running: Promise<void>[] = []
      for await (const job of machine.jobs) running.push(one(job).catch(reject))
      await Promise.all(running)
    }
    serve().then(resolve, reject)
  })

/** @throws {TypeError} for a way to pre-empt that there is not. */
export function slicing(rules: Rules): Policy {
  const onPreempt = PREEMPTIONS.find((known) => known === rules.onPreempt)
  if (onPreempt === undefined)
    throw new TypeError(`onPreempt: '${rules.onPreempt}' is none of ${PREEMPTIONS.join(', ')}`)
  return {
    users: 'all',
    serve: atOnce,
    ask: (request, c) => inTurns(request, c, rules, onPreempt),
  }
}

/** An answer that has begun. */
interface Answer {
  readonly generation: Generation
  /** It has begun to call a tool. */
  isCalling: boolean
  cut(): void
}

function begin(request: Request, c: Conversation, rules: Rules): Answer {
  const cutter = new AbortController()
  const cut = (): void => cutter.abort()
  const { signal } = c
  const generation = c.session.generate(request, { signal: cutter.signal })
  const answer = { generation, isCalling: false, cut }
  signal?.addEventListener('abort', cut, { once: true })
  void generation.result.then(() => signal?.removeEventListener('abort', cut))
  const listen = async (): Promise<void> => {
    for await (const delta of generation) {
      if (delta.kind === 'text') continue
      answer.isCalling = true
      return
    }
  }
  if (rules.toolCallsPreemptible === 0) void listen()
  return answer
}

async function inTurns(
  request: Request,
  c: Conversation,
  rules: Rules,
  onPreempt: Preemption,
): Promise<Completion> {
  const line = lineOf(c, rules.answersAtOnce)
  let answer: Answer | undefined
  let kept = ''
  for (;;) {
    const place = await line.enter(() => rules.rank(c), c.signal)
    // What had begun is cut off by the same signal.
    if (place === undefined) return abandoned
    if (answer === undefined) answer = begin(onFrom(request, kept), c, rules)
    else answer.generation.resume()
    const completion = await turn(answer, { c, rules, line, place })
    if (completion !== undefined) {
      line.leave(place)
      return behind(kept, completion)
    }
    if (onPreempt === 'resume') answer.generation.pause()
    else {
      answer.cut()
      const partial = await answer.generation.result
      if (onPreempt === 'keep' && partial.kind === 'message') kept += partial.message.content
      answer = undefined
    }
    line.leave(place)
  }
}

/** One turn at the model: the answer, or nothing where it is pre-empted. */
async function turn(
  answer: Answer,
  of: {
    readonly c: Conversation
    readonly rules: Rules
    readonly line: Line
    readonly place: Place
  },
): Promise<Completion | undefined> {
  const { c, rules, line, place } = of
  const { result } = answer.generation
  for (;;) {
    const sliceMs = rules.sliceMs?.(c)
    const ends: Promise<Completion | 'used' | 'wanted'>[] = [result]
    if (sliceMs !== undefined) ends.push(c.machine.clock.sleep(sliceMs).then(() => 'used'))
    if (rules.isPreemptive === true) ends.push(place.wanted().then(() => 'wanted'))
    const end = await Promise.race(ends)
    if (end !== 'used' && end !== 'wanted') return end
    if (end === 'used') rules.used?.(c)
    if (rules.toolCallsPreemptible === 0 && answer.isCalling) return result
    if (rules.isStrict === true || line.isWanted(rules.rank(c))) return undefined
  }
}

/** The request with what was said already behind it. */
const onFrom = (request: Request, kept: string): Request =>
  kept === ''
    ? request
    : { ...request, messages: [...request.messages, { role: 'assistant', content: kept }] }

/** The answer behind what was said before it, unless the provider said that again. */
function behind(kept: string, completion: Completion): Completion {
  if (completion.kind === 'refused' || completion.message.content.startsWith(kept))
    return completion
  const { message } = completion
  return { ...completion, message: { ...message, content: kept + message.content } }
}
