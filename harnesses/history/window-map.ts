// What stands in a history, and why: as far as it can be told from the history itself, from what was ever said
// and from what other parts pin. Worked out when somebody looks, never in between.

import type { Conversation, Message } from '../kernel.ts'
import { estimate } from './estimate.ts'

/** One message of a history. */
export interface Standing {
  readonly role: Message['role']
  /** Estimated. */
  readonly tokens: number
  readonly begins: string
  readonly why: string
}

const WORDS = 12

const beginningOf = ({ content, calls = [] }: Message): string => {
  const words = content.split(/\s+/, WORDS + 1)
  const text = words.slice(0, WORDS).join(' ') + (words.length > WORDS ? ' ...' : '')
  return [text, ...calls.map(({ name }) => `-> ${name}`)].filter((one) => one !== '').join(' ')
}

/** What parts put into a history, by the words that such messages have in common. */
const PUT_THERE: readonly (readonly [RegExp, string])[] = [
  [/summar|compact(?:ed|ion)|handoff|previous conversation/i, 'summary'],
  [/^(?:you have new messages|do task-|task-\d+ is|interrupted by)/i, 'from another session'],
  [/memory pressure|warning|alert|remaining|reminder|budget/i, 'alert'],
  [/retriev|recall|archiv|memor(?:y|ies)|notes?\b/i, 'retrieved'],
  [/<file|contents? of|attached/i, 'a file shown again'],
]

/** A history, message by message. */
export function windowMap(c: Conversation): Standing[] {
  const said = new Set(c.transcript)
  const task = c.session.job.prompt
  const newest = c.messages.findLastIndex(({ role }) => role === 'assistant')
  const names = new Map<string, string>()
  return c.messages.map((message, at) => {
    for (const { id, name } of message.calls ?? []) names.set(id, name)
    const { role } = message
    return {
      role,
      tokens: estimate([message]),
      begins: beginningOf(message),
      why: [whyOf(message, at), c.isPinned(message) ? 'pinned' : ''].filter(Boolean).join(', '),
    }
  })

  function whyOf(message: Message, at: number): string {
    const { role, content, callId = '' } = message
    if (role === 'system') return 'system prompt'
    if (role === 'user' && content === task) return 'task'
    if (role === 'tool') {
      const call = `result of ${names.get(callId) ?? 'a call that is gone'} ${callId}`
      return said.has(message) ? call : `${call}, shortened`
    }
    const put = role === 'user' && PUT_THERE.find(([words]) => words.test(content.slice(0, 400)))
    if (put) return put[1]
    if (at >= newest) return 'recent'
    return said.has(message) ? 'said' : 'put there'
  }
}

/** How much something holds: members or characters. */
export function sizeOf(value: unknown): number {
  if (value instanceof Map || value instanceof Set) return value.size
  if (Array.isArray(value)) return value.length
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null) return 1
  return Object.keys(value).length
}
