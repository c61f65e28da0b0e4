// Pi's compaction (0.73.1, dist/core/compaction): on an overflow error, summarise what is older than the
// newest 20,000 tokens and ask once more. The prompt that started a long turn is summarised too (a split
// turn). Which files were read and changed is added from the calls themselves. Constants are for a window
// of 200,000 and scale with it. The usage threshold of Pi is checked between prompts only, so within one
// job it never fires; it is left out here. Pi knows its own tools `read`, `write` and `edit`.
import { type FileTools, fileLists } from '../../history/file-lists.ts'
import { compact, cutPoint, dump, mayTry, opensWith, written } from '../../history/summarise.ts'
import { type Conversation, part } from '../../kernel.ts'

const SUMMARISER =
  'You are a context summarization assistant. Your task is to read a conversation between a user and an AI coding assistant, then produce a structured summary following the exact format specified.\n\nDo NOT continue the conversation. Do NOT respond to any questions in the conversation. ONLY output the structured summary.'

const FORMAT =
  'Use this EXACT format:\n\n## Goal\n## Constraints & Preferences\n## Progress\n## Key Decisions\n## Next Steps\n## Critical Context\n\nKeep each section concise. Preserve exact file paths, function names, and error messages.'

const UPDATE = `The messages above are NEW conversation messages to incorporate into the existing summary provided in <previous-summary> tags.\n\nUpdate the existing structured summary with new information.\n\n${FORMAT}`

const PREFIX =
  "This is the PREFIX of a turn that was too large to keep. The SUFFIX (recent work) is retained.\n\nSummarize the prefix to provide context for the retained suffix:\n\n## Original Request\n## Early Progress\n## Context for Suffix\n\nBe concise. Focus on what's needed to understand the kept suffix."

const WHOLE = `The messages above are a conversation to summarize. Create a structured context checkpoint summary that another LLM will use to continue the work.\n\n${FORMAT}`

const OPENER =
  'The conversation history before this point was compacted into the following summary:\n\n<summary>\n'
const END = '\n</summary>'
const isOwn = opensWith(OPENER)

export const CONSTANTS = {
  reserveTokens: 16_384,
  keepRecentTokens: 20_000,
  readTools: ['read', 'read_file'],
  changeTools: ['write', 'edit', 'write_file'],
} as const

interface Keeping extends FileTools {
  readonly reserveTokens: number
  readonly keepRecentTokens: number
}

/** Summarises all but the newest tokens; where those are all there is, nothing, if it does that at all. */
async function summarise(
  c: Conversation,
  keeping: Keeping,
  summarisesNothing: boolean,
): Promise<boolean> {
  const { messages, scale } = c
  const own = messages.findIndex(isOwn)
  const start = Math.max(0, own) + 1
  const found = cutPoint(messages, keeping.keepRecentTokens * scale)
  const isShort = found < Math.max(2, start)
  if (isShort && !summarisesNothing) return false
  const cut = Math.max(found, start)
  const previous = messages[own]?.content.slice(OPENER.length, -END.length)
  const evicted = messages.slice(start, cut)
  const body = `<conversation>\n${dump(evicted)}\n</conversation>\n\n`
  const isSplit = previous === undefined && !isShort
  const form = previous === undefined ? (isShort ? WHOLE : PREFIX) : UPDATE
  const before =
    previous === undefined ? '' : `<previous-summary>\n${previous}\n</previous-summary>\n\n`
  const request = {
    messages: [
      { role: 'system', content: SUMMARISER },
      { role: 'user', content: body + before + form },
    ],
    maxTokens: (isSplit ? 0.5 : 0.8) * keeping.reserveTokens * scale,
  } as const
  const answer = await written(c, request, { waitsMs: [] })
  if (answer.kind === 'nothing') return false
  const summary = isSplit
    ? `No prior history.\n\n---\n\n**Turn Context (split turn):**\n\n${answer.text}`
    : answer.text
  const content = `${OPENER}${summary}${fileLists(evicted, previous ?? '', keeping)}${END}`
  compact(c, { cut, told: [{ role: 'user', content }], isOwn })
  return true
}

/** A policy that compacts once for each overflow: a second one before an answer ends the job. */
export const onceAnOverflow = (keeping: Keeping, summarisesNothing: boolean) => ({
  async overflowed(c: Conversation): Promise<boolean> {
    return mayTry(c, 'context.keep-recent', 1) && summarise(c, keeping, summarisesNothing)
  },
})

export default part({
  slot: 'context',
  about: 'on overflow, summarises all but the newest tokens and asks once more',
  source: 'Pi 0.73.1, dist/core/compaction/compaction.js (read in source)',
  constants: CONSTANTS,
  policy: (constants) => onceAnOverflow(constants, false),
})
