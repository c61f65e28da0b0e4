// What the model said, turn by turn, and what came of its calls: read from a trace.
import { atomsIn, type Request, type TraceEvent } from '../../sim/index.ts'

type Generation = Extract<TraceEvent, { kind: 'generation' }>
export type Spoken = Generation['calls'][number]

/** One call as it was spoken, with how it was answered. */
export interface SpokenCall extends Spoken {
  /** Not among the tools that were offered. */
  readonly isPhantom: boolean
  readonly isError: boolean
}

export interface TurnSpoken {
  readonly session: string
  readonly text: string
  readonly calls: readonly SpokenCall[]
}

type Message = Request['messages'][number]

/** The answers to requests for work, in order, each with the fate of its calls as the next request tells it. */
export function turnsIn(trace: readonly TraceEvent[]): TurnSpoken[] {
  const offered = new Map<string, readonly string[]>()
  const working = new Set<string>()
  const told = new Map<string, Message>()
  for (const event of trace) {
    if (event.kind !== 'request') continue
    if (event.tools !== undefined) offered.set(event.session, event.tools)
    if (event.purpose === 'work') working.add(`${event.session}#${event.n}`)
    for (const [, message] of event.added)
      if (message.role === 'tool' && message.callId !== undefined) told.set(message.callId, message)
  }
  const turns: TurnSpoken[] = []
  for (const event of trace) {
    if (event.kind !== 'generation' || !working.has(`${event.session}#${event.n}`)) continue
    const names = offered.get(event.session) ?? []
    turns.push({
      session: event.session,
      text: event.content,
      calls: event.calls.map((call) => ({
        ...call,
        isPhantom: !names.includes(call.name),
        isError: told.get(call.id)?.isError === true,
      })),
    })
  }
  return turns
}

/** Whether a message of these has an atom that tells this fact. */
export const tells = (messages: Iterable<Message>, fact: string): boolean => {
  for (const { content } of messages) {
    if (atomsIn(content).some(({ kind, name }) => kind === 'fact' && name === fact)) return true
  }
  return false
}
