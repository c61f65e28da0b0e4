// The windows of a run, rebuilt from what each request kept, dropped and added: of a session for one purpose.
import type { Message, TraceEvent } from '../sim/index.ts'

export type RequestEvent = Extract<TraceEvent, { kind: 'request' }>

export interface Shown {
  readonly message: Message
  /** The request that first showed it. */
  readonly since: number
}

export interface Window {
  readonly session: string
  readonly purpose: string
  readonly messages: readonly Shown[]
  /** Its newest request. */
  readonly newest: RequestEvent
  readonly tools: readonly string[]
}

export class Windows {
  readonly all = new Map<string, Window>()
  #tools = new Map<string, readonly string[]>()

  add(event: RequestEvent): Window {
    const { session, purpose, n, dropped, added } = event
    const key = `${session} ${purpose}`
    const gone = new Set(dropped)
    const messages = (this.all.get(key)?.messages ?? []).filter((_, i) => !gone.has(i))
    for (const [place, message] of added) messages.splice(place, 0, { message, since: n })
    if (event.tools !== undefined) this.#tools.set(session, event.tools)
    const tools = this.#tools.get(session) ?? []
    const window: Window = { session, purpose, messages, newest: event, tools }
    this.all.set(key, window)
    return window
  }
}
