// Files shown without being asked for: which ones the conversation has read, and their contents as a message
// of the user's. Read from the session's workspace, so that the trace knows which version was shown; a file's
// text stands there as the user's words do, and no defence around tools sees it.

import type { Conversation, Message } from '../kernel.ts'
import { estimate, TOKEN_CHARS } from './estimate.ts'
import { namesIn, onlyReads } from './references.ts'
import { roundsOf, sizeOf } from './rounds.ts'

interface Reads {
  /** Messages of the transcript that were looked at. */
  seen: number
  /** Paths by the id of a call that is not answered yet. */
  readonly asked: Map<string, readonly string[]>
  /** The newest result that told each path, the newest last. */
  readonly told: Map<string, Message>
}

const MEMO = 'context.reads'

/** What was read without an error, by path, the newest last. Paths are those that were named, file or not. */
export function readsIn(c: Conversation): ReadonlyMap<string, Message> {
  const known = c.memo.get(MEMO) as Reads | undefined
  const reads = known ?? { seen: 0, asked: new Map(), told: new Map() }
  c.memo.set(MEMO, reads)
  const { asked, told } = reads
  for (; reads.seen < c.transcript.length; reads.seen++) {
    const message = c.transcript[reads.seen]
    for (const call of message?.calls ?? [])
      if (onlyReads(c, call.name)) asked.set(call.id, namesIn(call))
    if (message?.role !== 'tool' || message.callId === undefined) continue
    for (const path of (message.isError !== true && asked.get(message.callId)) || []) {
      told.delete(path)
      told.set(path, message)
    }
    asked.delete(message.callId)
  }
  return told
}

const headOf = (path: string): string => `Contents of ${path}:\n`

export const isAttached = ({ messages }: Conversation, path: string): boolean =>
  messages.some(({ role, content }) => role === 'user' && content.startsWith(headOf(path)))

export interface Room {
  /** Files shown so at once, at most. */
  readonly files: number
  readonly fileTokens: number
  readonly totalTokens: number
  /** How full the window may be with them. */
  readonly roomShare: number
}

/** Shows these files before the newest round, the first ones first, as far as there is room. */
export function attach(c: Conversation, paths: readonly string[], room: Room): void {
  const shown = c.messages.filter(
    ({ role, content }) => role === 'user' && content.startsWith('Contents of '),
  )
  let files = room.files - shown.length
  let tokens = Math.min(
    room.totalTokens * c.scale - estimate(shown),
    room.roomShare * c.session.limits.windowTokens - sizeOf(c),
  )
  const maxChars = Math.floor(room.fileTokens * c.scale) * TOKEN_CHARS
  const there = new Set(c.session.workspace.list())
  const added: Message[] = []
  for (const path of paths) {
    if (files <= 0 || tokens <= 0) break
    if (!there.has(path)) continue
    const text = c.session.workspace.read(path) ?? ''
    const cut = text.length > maxChars ? `${text.slice(0, maxChars)}\n[... truncated]` : text
    const message: Message = { role: 'user', content: headOf(path) + cut }
    if (estimate([message]) > tokens) continue
    added.push(message)
    tokens -= estimate([message])
    files--
  }
  if (added.length === 0) return
  const at = roundsOf(c.messages).at(-1)?.at ?? c.messages.length
  c.messages = [...c.messages.slice(0, at), ...added, ...c.messages.slice(at)]
  c.usage = undefined
}
