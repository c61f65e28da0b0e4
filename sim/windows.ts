// What stood in the window of each session at each of its requests, rebuilt from what a trace tells of changes.
import type { Message } from './core/message.ts'
import type { TraceEvent } from './core/trace.ts'

export type Asking = Extract<TraceEvent, { kind: 'request' }>

export interface Window {
  readonly event: Asking
  readonly messages: readonly Message[]
}

export function* windowsIn(trace: readonly TraceEvent[]): Iterable<Window> {
  const windows = new Map<string, readonly Message[]>()
  for (const event of trace) {
    if (event.kind !== 'request') continue
    const gone = new Set(event.dropped)
    const messages = (windows.get(event.session) ?? []).filter((_, place) => !gone.has(place))
    for (const [place, message] of event.added) messages.splice(place, 0, message)
    windows.set(event.session, messages)
    yield { event, messages }
  }
}
