// The results in a history, with the tools that told them, and their replacement by fewer words: the call
// stays, and is answered.
import type { Conversation, Message } from '../kernel.ts'

/** What stands for a result that was cleared, in Claude Code and opencode alike. */
export const CLEARED = '[Old tool result content cleared]'

export interface Told {
  /** Its place in the history. */
  readonly at: number
  readonly message: Message
  /** The tool that was called; empty where the call is gone. */
  readonly tool: string
}

/** All results, oldest first. */
export function resultsIn(messages: readonly Message[]): Told[] {
  const names = new Map<string, string>()
  const told: Told[] = []
  for (const [at, message] of messages.entries()) {
    for (const { id, name } of message.calls ?? []) names.set(id, name)
    if (message.role === 'tool')
      told.push({ at, message, tool: names.get(message.callId ?? '') ?? '' })
  }
  return told
}

/** Clears these results in the history; what was told of usage is forgotten with them. */
export function clear(c: Conversation, told: readonly Told[]): void {
  if (told.length === 0) return
  const places = new Set(told.map(({ at }) => at))
  c.messages = c.messages.map((message, at) =>
    places.has(at) ? { ...message, content: CLEARED } : message,
  )
  c.usage = undefined
}
