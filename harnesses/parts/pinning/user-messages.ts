// What users said stays, the newest tokens of it, as in Codex's compaction. Codex cuts the message at the limit;
// here it goes, but the newest stays whatever its size. Summaries and files shown as a user's words are none.
import { estimate } from '../../history/estimate.ts'
import { type Conversation, type Message, part } from '../../kernel.ts'

interface Kept {
  /** The history for which it was worked out. */
  of?: readonly Message[]
  messages: ReadonlySet<Message>
  /** Messages of the transcript that were looked at, and what users said in them. */
  seen: number
  readonly said: Set<string>
}

const MEMO = 'pinning.user-messages'

function kept(c: Conversation, maxTokens: number): ReadonlySet<Message> {
  const known = c.memo.get(MEMO) as Kept | undefined
  const it: Kept = known ?? { messages: new Set(), seen: 0, said: new Set() }
  c.memo.set(MEMO, it)
  if (it.of === c.messages) return it.messages
  for (; it.seen < c.transcript.length; it.seen++) {
    const message = c.transcript[it.seen]
    if (message?.role === 'user') it.said.add(message.content)
  }
  const messages = new Set<Message>()
  let tokens = 0
  for (const message of c.messages.toReversed()) {
    if (message.role !== 'user' || !it.said.has(message.content)) continue
    tokens += estimate([message])
    if (tokens > maxTokens && messages.size > 0) break
    messages.add(message)
  }
  it.of = c.messages
  it.messages = messages
  return messages
}

export default part({
  slot: 'pinning',
  about: 'keeps the newest tokens of what users said',
  source: 'Codex: COMPACT_USER_MESSAGE_MAX_TOKENS = 20,000 (read in source)',
  constants: { maxTokens: 20_000 },
  policy: ({ maxTokens }) => ({
    keeps: (message, c) => message.role === 'user' && kept(c, maxTokens * c.scale).has(message),
  }),
})
