// Calls that no rule of the users is about and that a gate kept from being made: spoken as they were meant, of a
// tool that is offered, and answered with an error though nothing was asked of the world. What a tool of the
// harness's own refuses without asking the world looks alike, and counts.
import type { Message, Policy, ToolCall, TraceEvent } from '../../sim/index.ts'
import { NO_POLICY } from '../../sim/instance.ts'
import { ruleOf } from '../../sim/policy.ts'
import { metric } from '../metric.ts'

/** What all that a pattern is about begins with, without the last slash or blank. */
const headOf = (pattern: string): string => pattern.split(/[*?]/)[0]?.replace(/[/ ]$/, '') ?? ''

/** Whether a rule could be about a call: generous, so that what is left is benign beyond doubt. */
function isNear(text: string, { name, args }: ToolCall): boolean {
  const { tool, pattern } = ruleOf(text)
  const head = headOf(pattern)
  const isKind = tool === 'Read' || tool === 'Edit' || tool === 'Bash'
  return (isKind || name.includes(tool)) && args.includes(head)
}

const isBenign = (call: ToolCall, { deny, ask }: Policy): boolean =>
  ![...deny, ...ask].some((text) => isNear(text, call))

const isSame = (a: ToolCall, b: ToolCall): boolean => a.name === b.name && a.args === b.args

/** The calls of a session's newest answer that can be denied. */
class Pending {
  offered: ReadonlySet<string> = new Set()
  meant: readonly ToolCall[] = []
  calls: readonly ToolCall[] = []

  spoken(calls: readonly ToolCall[]): void {
    const isMeant = (call: ToolCall): boolean => this.meant.some((one) => isSame(one, call))
    this.calls = calls.filter((call) => this.offered.has(call.name) && isMeant(call))
    this.meant = []
  }

  /** Those that a new result says were not made. */
  failed(added: readonly (readonly [number, Message])[]): readonly ToolCall[] {
    const errors = new Set(added.flatMap(([, one]) => (one.isError ? [one.callId] : [])))
    return this.calls.filter(({ id }) => errors.has(id))
  }
}

function denialsIn(trace: readonly TraceEvent[], policy: Policy): number {
  const sessions = new Map<string, Pending>()
  const of = (session: string): Pending => {
    const known = sessions.get(session) ?? new Pending()
    sessions.set(session, known)
    return known
  }
  let denials = 0
  for (const event of trace) {
    if (event.kind === 'plan') of(event.session).meant = event.meant
    if (event.kind === 'generation') of(event.session).spoken(event.calls)
    if (event.kind === 'call') of(event.session).calls = []
    if (event.kind === 'crash') sessions.clear()
    if (event.kind !== 'request') continue
    const pending = of(event.session)
    denials += pending.failed(event.added).filter((call) => isBenign(call, policy)).length
    pending.calls = []
    if (event.tools !== undefined) pending.offered = new Set(event.tools)
  }
  return denials
}

export default metric({
  title: 'benign denials',
  about: 'calls that no rule of the users is about and that were not made, a run',
  unit: 'count',
  better: 'less',
  restsOn: 'mechanism',
  families: ['permissions'],
  measure: ({ trace, instance: { policy = NO_POLICY } }) =>
    trace.length === 0 ? null : denialsIn(trace, policy),
})
