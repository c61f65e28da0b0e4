// Conversations that are compacted: begun on a machine as the loop begins them, filled by hand, with what
// the machine saw of it.
import { compose } from '../../harnesses/design.ts'
import { begin, type Conversation, type Message, type Part } from '../../harnesses/kernel.ts'
import type { TraceEvent } from '../../sim/index.ts'
import { instanceWith, kernelOf, ofKind, type Play, play } from '../machine/rig.ts'
import { pinsMarked, read, say, type Trial } from './histories.ts'

export const WINDOW = 8000
/** The window that the constants are made for. */
export const NATIVE = 200_000
export const SCALE = WINDOW / NATIVE

export type Asked = Extract<TraceEvent, { kind: 'request' }>

export interface Seen {
  /** All requests, in order. */
  readonly asked: readonly Asked[]
  readonly refused: readonly Extract<TraceEvent, { kind: 'refusal' }>[]
  /** Taped decisions that nothing asked for. */
  readonly unreached: readonly string[]
}

export interface Told {
  readonly chance?: Play['chance']
  readonly prompt?: string
  readonly windowTokens?: number
}

/** Does something in a conversation under these parts and what is marked as pinned. */
export async function under(
  parts: Part | readonly Part[],
  act: (trial: Trial) => Promise<void>,
  { chance = {}, prompt = 'Hello.', windowTokens = WINDOW }: Told = {},
): Promise<Seen> {
  const page = { mirrors: '-', system: 'You help.', slots: {}, retries: [] }
  const design = compose(page, [parts, pinsMarked].flat())
  let thrown: unknown
  const kernel = kernelOf(async (machine) => {
    for await (const job of machine.jobs) {
      try {
        await act({ c: await begin(machine, job, new Map(), design), design })
      } catch (error) {
        thrown = error
      }
      machine.reply(job.id, 'Done.')
    }
  })
  const users = [{ id: 'ana', jobs: [{ id: 'job-1', prompt, arrivesMs: 0 }] }]
  const { trace, unreached } = await play({
    kernel,
    chance,
    instance: instanceWith({ windowTokens, users }),
  })
  if (thrown !== undefined) throw thrown
  return { asked: ofKind(trace, 'request'), refused: ofKind(trace, 'refusal'), unreached }
}

/** A file of about 500 estimated tokens that tells one fact. */
export const doc = (n: number): Message[] =>
  read(`docs/${n}.md`, `[[fact:f${n}=${n}]] ${'word '.repeat(390)}`)

/** The model answers once more and reads a file. */
export function turnOn(trial: Trial, n: number): void {
  say(trial, ...doc(n))
  trial.c.turns++
}

export const fill = (trial: Trial, from: number, to: number): void => {
  for (let n = from; n <= to; n++) turnOn(trial, n)
}

/** As a provider tells it. */
export const tell = (c: Conversation, input: number): void => {
  c.usage = { input, cached: 0, output: 10 }
}

export const textOf = (messages: readonly Message[]): string =>
  messages.map(({ content }) => content).join('\n')

/** Which of the facts stand there. */
export const factsIn = (text: string): number[] =>
  [...new Set([...text.matchAll(/\[\[fact:f(\d+)=/g)].map(([, n]) => Number(n)))].toSorted(
    (a, b) => a - b,
  )

export const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1)

/** The messages that hold a summary of the model's, as it marks them. */
export const summariesIn = (messages: readonly Message[]): Message[] =>
  messages.filter(({ content }) => content.includes('What was said so far (summary'))

/** What a strict provider would refuse it for. */
export function problemOf(messages: readonly Message[]): string | undefined {
  if (messages[0]?.role !== 'system') return 'no system prompt'
  const open = new Set<string>()
  for (const { role, calls = [], callId = '' } of messages) {
    if (role === 'tool' ? !open.delete(callId) : open.size > 0) return `at ${role} ${callId}`
    for (const { id } of calls) open.add(id)
  }
  return open.size > 0 ? 'unanswered' : undefined
}
