// Conversations that are read again after a crash: what was whole of a file, and a history that a provider
// takes. Pi does the same when it replays a session (0.73.1, read in source).
import type { Conversation, Message } from '../kernel.ts'

/** What lines of JSON say, without those that are torn; and whether the last one may be. */
export function parsed<T>(text: string): { readonly values: T[]; readonly isTorn: boolean } {
  const values: T[] = []
  for (const line of text.split('\n')) {
    try {
      if (line !== '') values.push(JSON.parse(line) as T)
    } catch {}
  }
  return { values, isTorn: text !== '' && !text.endsWith('\n') }
}

/** With a result behind every call: those that are missing say that there is none. */
export function answered(messages: readonly Message[]): Message[] {
  const results = new Set(messages.map(({ callId }) => callId))
  return messages.flatMap((message) => [
    message,
    ...(message.calls ?? [])
      .filter(({ id }) => !results.has(id))
      .map(
        ({ id }): Message => ({
          role: 'tool',
          callId: id,
          content: 'No result provided',
          isError: true,
        }),
      ),
  ])
}

/** An answer at the end that nobody acted on: asked to go on behind it, a model would only add to it. */
const isOpen = ({ role, calls = [] }: Message): boolean =>
  role === 'assistant' && calls.length === 0

/** Goes on from a history that was kept. False where it was torn before the job's own words. */
export function resume(c: Conversation, kept: readonly Message[]): boolean {
  if (!kept.some(({ role }) => role === 'user')) return false
  const last = kept.at(-1)
  c.messages = answered(last !== undefined && isOpen(last) ? kept.slice(0, -1) : kept)
  c.transcript.splice(0, c.transcript.length, ...c.messages)
  return true
}

/** Each value on a line of its own. */
export const linesOf = (values: readonly unknown[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('')

/** What was added behind what is saved, if that stands as it was; nothing where it does not. */
export function addedTo(
  saved: readonly Message[] | undefined,
  messages: readonly Message[],
): readonly Message[] | undefined {
  if (saved === undefined || saved.length > messages.length) return undefined
  for (let i = saved.length - 1; i >= 0; i--) if (saved[i] !== messages[i]) return undefined
  return messages.slice(saved.length)
}
