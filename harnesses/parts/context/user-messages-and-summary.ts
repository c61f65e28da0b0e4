// Codex's local compaction (core/src/compact.rs, read in source; .9 of the window in secondary reading;
// 0.169.0 observed): the history becomes the newest user messages, 20,000 tokens of them at most, and a
// summary under a prefix; answers, calls and results are gone. It asks in the conversation, without tools;
// where that is too long, without the oldest item. An overflow of the work itself ends the job (observed).
import { estimate, TOKEN_CHARS } from '../../history/estimate.ts'
import { roundsOf } from '../../history/rounds.ts'
import { opensWith, pinnedIn, type Written, written } from '../../history/summarise.ts'
import { windowUsed } from '../../history/usage.ts'
import { type Conversation, type Message, part } from '../../kernel.ts'

const PROMPT =
  'You are performing a CONTEXT CHECKPOINT COMPACTION. Create a handoff summary for another LLM that will resume the task.\n\nSay what was done and decided, what the user wants and does not want, what is left to do, and every detail without which it cannot be done. Be concise.'

const PREFIX =
  'Another language model started to solve this problem and wrote a summary of its work. What it has done is done; go on from there. Its summary:\n'
const isOwn = opensWith(PREFIX)

/** Asks in the conversation; as long as that is too long, without its oldest round. */
async function asked(c: Conversation): Promise<Written> {
  let shown = c.messages
  for (;;) {
    const answer = await written(c, {
      messages: [...shown, { role: 'user', content: PROMPT }],
      toolChoice: 'none',
    })
    const rest = roundsOf(shown)[1]?.at
    if (answer.kind === 'text' || !answer.isTooLong || rest === undefined) return answer
    shown = [...shown.slice(0, 1), ...shown.slice(rest)]
  }
}

/** Its start and its end, with what was left out between them. */
function truncated({ content }: Message, tokens: number): Message {
  const half = Math.floor((tokens * TOKEN_CHARS) / 2)
  const left = Math.ceil((content.length - 2 * half) / TOKEN_CHARS)
  const end = half === 0 ? '' : content.slice(-half)
  return { role: 'user', content: `${content.slice(0, half)}…${left} tokens truncated…${end}` }
}

/** The newest user messages as they are to be kept; of the oldest of them what still fits. */
function newestOf(users: readonly Message[], tokens: number): Map<Message, Message> {
  const kept = new Map<Message, Message>()
  let left = Math.floor(tokens)
  for (const message of users.toReversed()) {
    if (left <= 0) break
    const size = estimate([message])
    kept.set(message, size <= left ? message : truncated(message, left))
    left -= size
  }
  return kept
}

async function compactAll(c: Conversation, userTokens: number): Promise<void> {
  const { messages } = c
  const rest = messages.slice(1)
  const users = rest.filter((message) => message.role === 'user' && !isOwn(message))
  const pinned = new Set(pinnedIn(c, rest, isOwn))
  if (rest.every((message) => message.role === 'user' || pinned.has(message))) return
  const answer = await asked(c)
  if (answer.kind === 'nothing') return
  const newest = newestOf(users, userTokens)
  const kept = rest.flatMap((message) =>
    pinned.has(message) ? [message] : (newest.get(message) ?? []),
  )
  const summary: Message = { role: 'user', content: PREFIX + answer.text }
  c.messages = [...messages.slice(0, 1), ...kept, summary]
  c.usage = undefined
}

export default part({
  slot: 'context',
  about:
    'near the end of the window, keeps the newest user messages and a summary, and nothing else',
  source: 'Codex, codex-rs/core/src/compact.rs (read in source); 0.169.0 observed',
  constants: {
    fullShare: 0.9,
    // The limit of the configuration; 0 for none.
    limitTokens: 0,
    userTokens: 20_000,
  },
  policy: ({ fullShare, limitTokens, userTokens }) => ({
    async prepare(c) {
      const full = fullShare * c.session.limits.windowTokens
      const limit = limitTokens === 0 ? full : Math.min(full, limitTokens * c.scale)
      if (windowUsed(c) >= limit) await compactAll(c, userTokens * c.scale)
    },
  }),
})
