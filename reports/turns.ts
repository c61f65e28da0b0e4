// Turns of work: what was said in answer to each request, and the tools that were on offer then.
import type { ToolCall, TraceEvent } from '../sim/index.ts'
import { jobOf } from './tasks.ts'

export interface Turn {
  readonly session: string
  readonly job: string
  readonly calls: readonly ToolCall[]
  /** Names of the tools of the request. */
  readonly offered: ReadonlySet<string>
}

export function* turnsOf(trace: readonly TraceEvent[]): Iterable<Turn> {
  const offers = new Map<string, ReadonlySet<string>>()
  const purposes = new Map<string, string>()
  for (const event of trace) {
    if (event.kind === 'request') {
      purposes.set(event.session, event.purpose)
      if (event.tools !== undefined) offers.set(event.session, new Set(event.tools))
    }
    if (event.kind !== 'generation' || purposes.get(event.session) !== 'work') continue
    const { session, calls } = event
    yield { session, job: jobOf(session), calls, offered: offers.get(session) ?? new Set() }
  }
}

/** Whether a call is of a tool that was not offered. */
export const isPhantom = ({ calls, offered }: Turn): boolean =>
  calls.some(({ name }) => !offered.has(name))

/** Whether all arguments are as spoken: no text at all, or JSON. */
export function isWellFormed({ args }: ToolCall): boolean {
  if (args.trim() === '') return true
  try {
    JSON.parse(args)
    return true
  } catch {
    return false
  }
}
