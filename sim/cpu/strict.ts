// Strictness: what a provider refuses a conversation for, in its words. The rules of the chat protocols:
// every call answered, at once, and nothing answered that was not asked.
import type { Message } from '../core/message.ts'

export function unanswered(ids: ReadonlySet<string>): string {
  return `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${[...ids].join(', ')}`
}

/** Why a message cannot stand here. `pending` are the calls that are still open, and is kept up to date. */
export function problemOf(
  { role, callId, calls }: Message,
  pending: Set<string>,
): string | undefined {
  if (role === 'tool') {
    if (callId !== undefined && pending.delete(callId)) return undefined
    return "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'."
  }
  const problem = pending.size > 0 ? unanswered(pending) : undefined
  if (problem !== undefined) pending.clear()
  for (const call of calls ?? []) pending.add(call.id)
  return problem
}

/** The calls that the tail of a conversation leaves open. */
export function pendingAt(messages: readonly Message[]): Set<string> {
  const answered = new Set<string>()
  for (let i = messages.length - 1; i >= 0; i--) {
    const { role, callId, calls } = messages[i] as Message
    if (role !== 'tool') {
      return new Set((calls ?? []).map((call) => call.id).filter((id) => !answered.has(id)))
    }
    if (callId !== undefined) answered.add(callId)
  }
  return new Set()
}
