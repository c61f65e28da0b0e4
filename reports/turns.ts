// Turns of work: what was said in answer to each request, what was meant, the tools that were on offer then,
// and what the model was told of it.
import { isWellFormed } from '../sim/guesses.ts'
import { jobOf, type Message, type ToolCall, type TraceEvent } from '../sim/index.ts'

export interface Turn {
  readonly session: string
  readonly job: string
  readonly calls: readonly ToolCall[]
  /** The calls of a turn without a lapse; undefined where nothing was planned. */
  readonly meant: readonly ToolCall[] | undefined
  /** Names of the tools of the request. */
  readonly offered: ReadonlySet<string>
  /** A placed lapse was met: every harness has this turn alike. */
  readonly isForced: boolean
  /** What the next request of this work adds, beside the turn itself. */
  readonly told: readonly Message[]
}

interface Session {
  offered: ReadonlySet<string>
  isWork: boolean
  meant: readonly ToolCall[] | undefined
  isForced: boolean
  newest: (Turn & { readonly told: Message[] }) | undefined
}

export function turnsOf(trace: readonly TraceEvent[]): readonly Turn[] {
  const sessions = new Map<string, Session>()
  const turns: Turn[] = []
  const sessionOf = (id: string): Session => {
    const known = sessions.get(id)
    if (known !== undefined) return known
    const fresh: Session = {
      offered: new Set(),
      isWork: false,
      meant: undefined,
      isForced: false,
      newest: undefined,
    }
    sessions.set(id, fresh)
    return fresh
  }
  for (const event of trace) {
    if (event.kind === 'request') {
      const session = sessionOf(event.session)
      session.isWork = event.purpose === 'work'
      session.meant = undefined
      session.isForced = false
      if (event.tools !== undefined) session.offered = new Set(event.tools)
      if (!session.isWork) continue
      for (const [, message] of event.added)
        if (message.role !== 'assistant') session.newest?.told.push(message)
      session.newest = undefined
    } else if (event.kind === 'plan') sessionOf(event.session).meant = event.meant
    else if (event.kind === 'hazard' && event.id.endsWith('/lapse'))
      sessionOf(event.id.split(/[+/]/)[0] ?? '').isForced = true
    else if (event.kind === 'generation') {
      const { session: id, calls } = event
      const session = sessionOf(id)
      if (!session.isWork) continue
      const { meant, isForced, offered } = session
      session.newest = { session: id, job: jobOf(id), calls, meant, isForced, offered, told: [] }
      turns.push(session.newest)
    }
  }
  return turns
}

const isOffered = ({ name }: ToolCall, { offered }: Pick<Turn, 'offered'>): boolean =>
  offered.has(name)

/** Whether a call is of a tool that was not offered. */
export const isPhantom = (turn: Turn): boolean => turn.calls.some((call) => !isOffered(call, turn))

/** Whether a call cannot be run as it was spoken: nobody offers it, or its arguments are no JSON. */
export const isUnrunnable = (call: ToolCall, turn: Pick<Turn, 'offered'>): boolean =>
  !isOffered(call, turn) || !isWellFormed(call)

/** The calls that cannot be run as spoken, or that a model without a lapse would not have made. */
export const hallucinated = (turn: Turn): readonly ToolCall[] =>
  turn.calls.filter(
    (call) =>
      isUnrunnable(call, turn) ||
      turn.meant?.some(({ name, args }) => name === call.name && args === call.args) === false,
  )
