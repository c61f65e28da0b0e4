// Pi's compaction (0.73.1, dist/core/compaction): on an overflow error, summarise what is older than the
// newest 20,000 tokens and ask once more. The prompt that started a long turn is summarised too (a split
// turn). Constants are for a window of 200,000 and scale with it. The usage threshold of Pi is checked
// between prompts only, so within one job it never fires; it is left out here.
import { estimate } from '../../estimate.ts'
import { type Conversation, type Message, part } from '../../kernel.ts'

const TOOL_RESULT_MAX_CHARS = 2000

const SUMMARISER =
  'You are a context summarization assistant. Your task is to read a conversation between a user and an AI coding assistant, then produce a structured summary following the exact format specified.\n\nDo NOT continue the conversation. Do NOT respond to any questions in the conversation. ONLY output the structured summary.'

const FORMAT =
  'Use this EXACT format:\n\n## Goal\n## Constraints & Preferences\n## Progress\n## Key Decisions\n## Next Steps\n## Critical Context\n\nKeep each section concise. Preserve exact file paths, function names, and error messages.'

const UPDATE = `The messages above are NEW conversation messages to incorporate into the existing summary provided in <previous-summary> tags.\n\nUpdate the existing structured summary with new information.\n\n${FORMAT}`

const PREFIX =
  "This is the PREFIX of a turn that was too large to keep. The SUFFIX (recent work) is retained.\n\nSummarize the prefix to provide context for the retained suffix:\n\n## Original Request\n## Early Progress\n## Context for Suffix\n\nBe concise. Focus on what's needed to understand the kept suffix."

const clip = (text: string): string =>
  text.length <= TOOL_RESULT_MAX_CHARS
    ? text
    : `${text.slice(0, TOOL_RESULT_MAX_CHARS)}\n\n[... ${text.length - TOOL_RESULT_MAX_CHARS} more characters truncated]`

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
function dump(messages: readonly Message[]): string {
  const lines: string[] = []
  for (const { role, content, calls = [] } of messages) {
    if (role === 'user') lines.push(`[User]: ${content}`)
    if (role === 'assistant' && content !== '') lines.push(`[Assistant]: ${content}`)
    if (calls.length > 0)
      lines.push(
        `[Assistant tool calls]: ${calls.map((c) => `${c.name}(${args(c.args)})`).join('; ')}`,
      )
    if (role === 'tool' && content !== '') lines.push(`[Tool result]: ${clip(content)}`)
  }
  return lines.join('\n\n')
}

/** The place of the first message that is kept: back until enough is kept, never at a tool result. */
function cutPoint(messages: readonly Message[], keepTokens: number): number {
  let kept = 0
  for (let i = messages.length - 1; i > 0; i--) {
    kept += estimate([messages[i] as Message])
    if (kept < keepTokens) continue
    let cut = i
    while (messages[cut]?.role === 'tool') cut++
    if (cut < messages.length) return cut
    // Pi cuts results off well below what it keeps; in a small window one can be larger than that.
    while (cut > 1 && messages[cut]?.role !== 'assistant') cut--
    return cut
  }
  return 1
}

const TASK = 'compaction.summary'

interface Tokens {
  readonly reserveTokens: number
  readonly keepRecentTokens: number
}

async function summarise(
  conversation: Conversation,
  { reserveTokens, keepRecentTokens }: Tokens,
): Promise<boolean> {
  const { messages, memo, session, scale } = conversation
  const cut = cutPoint(messages, keepRecentTokens * scale)
  const [system] = messages
  if (cut <= 1 || system === undefined) return false
  const previous = memo.get(TASK)
  const first = typeof previous !== 'string'
  const body = `<conversation>\n${dump(messages.slice(first ? 1 : 2, cut))}\n</conversation>\n\n`
  const before = first ? '' : `<previous-summary>\n${previous}\n</previous-summary>\n\n`
  const completion = await session.generate({
    messages: [
      { role: 'system', content: SUMMARISER },
      { role: 'user', content: body + before + (first ? PREFIX : UPDATE) },
    ],
    maxTokens: Math.floor((first ? 0.5 : 0.8) * reserveTokens * scale),
  }).result
  if (completion.kind === 'refused') return false
  const { content } = completion.message
  const summary = first
    ? `No prior history.\n\n---\n\n**Turn Context (split turn):**\n\n${content}`
    : content
  memo.set(TASK, summary)
  const told = `The conversation history before this point was compacted into the following summary:\n\n<summary>\n${summary}\n</summary>`
  conversation.messages = [system, { role: 'user', content: told }, ...messages.slice(cut)]
  return true
}

export default part({
  slot: 'context',
  about: 'on overflow, summarises all but the newest tokens and asks once more',
  source: 'Pi 0.73.1, dist/core/compaction/compaction.js (read in source)',
  constants: { reserveTokens: 16_384, keepRecentTokens: 20_000 },
  policy: (tokens) => ({
    async overflowed(conversation) {
      // One compaction for each overflow: a second overflow before an answer ends the job.
      if (conversation.memo.get('compaction.at') === conversation.turns) return false
      conversation.memo.set('compaction.at', conversation.turns)
      return summarise(conversation, tokens)
    },
  }),
})
