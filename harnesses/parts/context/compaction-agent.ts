// opencode's compaction (session/compaction.ts, read in source; 1.18.33 observed): at the end of a step whose
// usage left less than the longest answer free, an agent of its own, without tools, summarises a dump of the
// conversation, and "Continue if you have next steps" is said. After an overflow the last user message, if
// it is not the first, is taken out with all that followed it, and said again. There the summary is an
// answer to "What did we do so far?"; here it stands under the question, for a task is the user's to say.

import {
  compact,
  cutPoint,
  dump,
  hasNews,
  mayTry,
  opensWith,
  written,
} from '../../history/summarise.ts'
import { type Conversation, type Message, part } from '../../kernel.ts'

const SUMMARISER =
  'You summarize conversations of a coding agent so that another agent can continue the work. Do not continue the conversation and do not answer questions in it. Only output the summary.'

const TEMPLATE =
  'Summarize the conversation above under these headings:\n\n## Goal\n## Instructions\n## Discoveries\n## Accomplished\n## Relevant files\n\nKeep exact paths, names, values and error messages.'

const OPENER = 'What did we do so far?\n\n'
const isOwn = opensWith(OPENER)

const TOO_LARGE =
  "The previous request exceeded the provider's size limit due to large media attachments. They were removed, and the conversation was compacted.\n\n"
const CONTINUE = 'Continue if you have next steps, or stop and ask if you are unsure.'

interface Compacting {
  /** Places from `cut` on are kept beside the summary, those from `end` on dropped; then this is said. */
  readonly cut: number
  readonly end: number
  readonly then: Message
}

async function summarise(c: Conversation, { cut, end, then }: Compacting): Promise<boolean> {
  const messages = c.messages.slice(0, end)
  const evicted = messages.slice(1, cut)
  if (!hasNews(c, evicted, isOwn)) return false
  const own = evicted.findIndex(isOwn)
  const previous = evicted[own]?.content.slice(OPENER.length)
  const before =
    previous === undefined ? '' : `<previous-summary>\n${previous}\n</previous-summary>\n\n`
  const text = dump(evicted.filter((message) => !isOwn(message)))
  const content = `<conversation>\n${text}\n</conversation>\n\n${before}${TEMPLATE}`
  const answer = await written(c, {
    messages: [
      { role: 'system', content: SUMMARISER },
      { role: 'user', content },
    ],
  })
  if (answer.kind === 'nothing') return false
  c.messages = messages
  compact(c, { cut, told: [{ role: 'user', content: OPENER + answer.text }], isOwn })
  c.messages = [...c.messages, then]
  return true
}

/** The last user message, where it is not all that the user said. */
function replayed(messages: readonly Message[]): number | undefined {
  const isUsers = (message: Message): boolean => message.role === 'user' && !isOwn(message)
  const last = messages.findLastIndex(isUsers)
  return messages.findIndex(isUsers) < last ? last : undefined
}

/** The newest tokens that are kept, where the design keeps some: at least one round goes. */
function tailOf({ messages, scale }: Conversation, tailTokens: number): number {
  if (tailTokens === 0) return messages.length
  const cut = cutPoint(messages, tailTokens * scale)
  return cut > 1 ? cut : messages.length
}

export default part({
  slot: 'context',
  about:
    'where usage leaves no room for an answer, an agent of its own summarises all, and work goes on',
  source:
    'opencode, packages/opencode/src/session/compaction.ts (read in source); 1.18.33 observed',
  constants: {
    // The longest answer that it reckons with.
    outputTokens: 32_000,
    // Newer versions keep 2,000 to 15,000.
    tailTokens: 0,
  },
  policy: ({ outputTokens, tailTokens }) => ({
    async prepare(c) {
      const { usage, scale, session } = c
      if (usage === undefined) return
      const usable = session.limits.windowTokens - outputTokens * scale
      // What came since the answer is not reckoned with.
      if (usage.input + usage.output <= usable) return
      const then: Message = { role: 'user', content: CONTINUE }
      await summarise(c, { cut: tailOf(c, tailTokens), end: c.messages.length, then })
    },
    async overflowed(c) {
      if (!mayTry(c, 'context.compaction-agent', 1)) return false
      const { messages } = c
      const last = replayed(messages)
      const end = last ?? messages.length
      const again = last === undefined ? undefined : messages[last]
      const then = again ?? { role: 'user', content: TOO_LARGE + CONTINUE }
      return summarise(c, { cut: end, end, then })
    },
  }),
})
