// What the parts that summarise share: asking the model to, telling it a conversation as text, and putting
// the summary in the place of what it is of. How a model knows such a request for one is not known here.

import { count } from '../kept/meter.ts'
import type { Completion, Conversation, Message, Policy, Request } from '../kernel.ts'
import { estimate } from './estimate.ts'
import { roundsOf } from './rounds.ts'

/** Milliseconds: the providers' own clients ask twice more after a refusal that passes; assumed for all. */
const WAITS_MS = [500, 1000]

/** What the model wrote, or that it wrote nothing. */
export type Written =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'nothing'; readonly isTooLong: boolean }

type Ask = (request: Request) => Promise<Completion>

const WITHIN = 'context.within'

/**
 * For parts that ask in the conversation: what stands within them, as tools that are told in text, shows
 * their request as it shows the work's.
 */
export const inPlace: Required<Pick<Policy, 'ask'>> = {
  ask(request, { memo }, next) {
    memo.set(WITHIN, next)
    return next(request)
  },
}

/** Asks in the conversation, if work was asked for in it before. @see inPlace */
export function writtenInPlace(c: Conversation, request: Request): Promise<Written> {
  const ask = c.memo.get(WITHIN) as Ask | undefined
  return written(c, request, ask === undefined ? {} : { ask })
}

/** Asks for text, beside the conversation where nothing is said. Never throws; an empty answer is nothing. */
export async function written(
  c: Conversation,
  request: Request,
  by: { readonly waitsMs?: readonly number[]; readonly ask?: Ask } = {},
): Promise<Written> {
  const { session, machine, signal } = c
  const options = signal === undefined ? {} : { signal }
  const { waitsMs = WAITS_MS, ask = (asked) => session.generate(asked, options).result } = by
  const { maxTokens: most } = request
  const bounded =
    most === undefined ? request : { ...request, maxTokens: Math.max(1, Math.floor(most)) }
  for (let tries = 0; ; tries++) {
    const completion = await ask(bounded)
    count(c, completion)
    if (completion.kind === 'message') {
      const text = completion.message.content.trim()
      return text === '' ? { kind: 'nothing', isTooLong: false } : { kind: 'text', text }
    }
    const { status, code, retryAfterMs } = completion
    const isTooLong = code === 'context_length_exceeded'
    const isOver = isTooLong || signal?.aborted === true || session.signal.aborted
    const wait = waitsMs[tries]
    const passes = status === 0 || status === 429 || status >= 500
    if (isOver || wait === undefined || !passes) return { kind: 'nothing', isTooLong }
    // Cut off, it waits no longer.
    await machine.clock.sleep(retryAfterMs ?? wait, signal).catch(() => {})
  }
}

/** Pi and opencode clip results so; in a small window too, or short ones would not be told whole there. */
const RESULT_MAX_CHARS = 2000

const clip = (text: string, chars: number): string =>
  text.length <= chars
    ? text
    : `${text.slice(0, chars)}\n\n[... ${text.length - chars} more characters truncated]`

/** `name="value", ...`; text that is no JSON as it stands. */
function args(text: string): string {
  try {
    const entries = Object.entries(JSON.parse(text) as Record<string, unknown>)
    return entries.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(', ')
  } catch {
    return text
  }
}

/** The conversation as text, so that the model does not go on with it. */
export function dump(messages: readonly Message[], resultMaxChars = RESULT_MAX_CHARS): string {
  const lines: string[] = []
  for (const { role, content, calls = [] } of messages) {
    if (role === 'user') lines.push(`[User]: ${content}`)
    if (role === 'assistant' && content !== '') lines.push(`[Assistant]: ${content}`)
    const told = calls.map((call) => `${call.name}(${args(call.args)})`).join('; ')
    if (told !== '') lines.push(`[Assistant tool calls]: ${told}`)
    if (role === 'tool' && content !== '')
      lines.push(`[Tool result]: ${clip(content, resultMaxChars)}`)
  }
  return lines.join('\n\n')
}

/** Whether a message is a part's own summary. */
export type IsOwn = (message: Message) => boolean

/** Known by its first words: a history that is read from disk holds summaries too. */
export const opensWith =
  (opener: string): IsOwn =>
  ({ role, content }) =>
    role === 'user' && content.startsWith(opener)

/** What is pinned, in its order, calls together with their results. A summary is not: the next one has it. */
export const pinnedIn = (c: Conversation, messages: readonly Message[], isOwn: IsOwn): Message[] =>
  roundsOf(messages)
    .filter((round) => round.messages.some((message) => c.isPinned(message) && !isOwn(message)))
    .flatMap((round) => round.messages)

/** Whether anything would leave the window that is not a summary already. */
export const hasNews = (c: Conversation, messages: readonly Message[], isOwn: IsOwn): boolean =>
  messages.length > pinnedIn(c, messages, isOwn).length + messages.filter(isOwn).length

/** A history is cut in two before `cut`; a summary takes the place of its older half. */
export interface Compaction {
  readonly cut: number
  readonly told: readonly Message[]
  readonly isOwn: IsOwn
}

/** System message, what was pinned of the older half, the summary, the newer half. */
export function compact(c: Conversation, { cut, told, isOwn }: Compaction): void {
  const { messages } = c
  const pinned = pinnedIn(c, messages.slice(1, cut), isOwn)
  c.messages = [...messages.slice(0, 1), ...pinned, ...told, ...messages.slice(cut)]
  c.usage = undefined
}

/** The place of the first message that is kept: back until enough is kept, never at a tool result. */
export function cutPoint(messages: readonly Message[], keepTokens: number): number {
  let kept = 0
  for (let i = messages.length - 1; i > 0; i--) {
    kept += estimate(messages.slice(i, i + 1))
    if (kept < keepTokens) continue
    let cut = i
    while (messages[cut]?.role === 'tool') cut++
    if (cut < messages.length) return cut
    // Results are cut off well below what is kept; in a small window one can be larger than that.
    while (cut > 1 && messages[cut]?.role !== 'assistant') cut--
    return cut
  }
  return 1
}

/** Whether something may be done once more before the next answer; so often at most. */
export function mayTry({ memo, turns }: Conversation, key: string, most: number): boolean {
  const before = memo.get(key) as { turns: number; tries: number } | undefined
  const tries = before?.turns === turns ? before.tries + 1 : 1
  memo.set(key, { turns, tries })
  return tries <= most
}
