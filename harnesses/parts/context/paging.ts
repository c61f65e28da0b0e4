// MemGPT's queue manager (arXiv 2310.08560, section 2.2, read in the paper; its shares are examples there):
// a warning when the window fills, a flush of its oldest share when it is full, and a recursive summary in
// slot 0 of the queue. The code of 2023 (constants.py, agent.py, read in source) warns at .75 of the window
// and evicts .75 of the queue but its last 3 messages, only after an overflow: with onOverflowOnly 1 here.
import { estimate } from '../../history/estimate.ts'
import { roundsOf } from '../../history/rounds.ts'
import { compact, dump, hasNews, mayTry, opensWith, written } from '../../history/summarise.ts'
import { windowUsed } from '../../history/usage.ts'
import { add, type Conversation, part } from '../../kernel.ts'

/** Its first sentence is that of the code of 2023. */
const ALERT =
  'System alert, hidden from the user: The conversation history will soon reach its maximum length and be trimmed. Do not mention this to the user. What is important and new should be saved now.'

const SUMMARISER =
  'Summarize the messages of a conversation between you and a human, in first person. They are cut from a longer one and may begin with a summary of what came before. Only output the summary.'

const OPENER = 'Note: prior messages ('
const isOwn = opensWith(OPENER)
const WARNED = 'context.paging.warned'

interface Paging {
  readonly evictShare: number
  readonly keepLastMessages: number
  readonly onOverflowOnly: number
  readonly summaryWords: number
}

/** The ends of the rounds that may be evicted, oldest first: the evicted share, the newest never. */
function endsOf(c: Conversation, { evictShare, keepLastMessages, onOverflowOnly }: Paging) {
  const { messages, session } = c
  const whole = onOverflowOnly === 1 ? estimate(messages.slice(1)) : session.limits.windowTokens
  const ends: number[] = []
  let tokens = 0
  for (const { at, messages: round } of roundsOf(messages).slice(0, -1)) {
    const end = at + round.length
    if (end > messages.length - keepLastMessages) break
    tokens += estimate(round)
    const last = ends.at(-1)
    const isEnough = last !== undefined && hasNews(c, messages.slice(1, last), isOwn)
    if (tokens > evictShare * whole && isEnough) break
    ends.push(end)
  }
  return ends
}

/** New summary = the summary of the old one and of what is evicted. Half of it, where that is too long. */
async function evict(c: Conversation, paging: Paging): Promise<boolean> {
  const { messages, transcript, memo } = c
  const ends = endsOf(c, paging)
  const words = paging.summaryWords
  for (let count = ends.length; count > 0; count = Math.floor(count / 2)) {
    const cut = ends[count - 1] ?? 1
    const evicted = messages.slice(1, cut)
    if (!hasNews(c, evicted, isOwn)) return false
    const answer = await written(c, {
      messages: [
        {
          role: 'system',
          content: SUMMARISER + (words > 0 ? ` Keep it under ${words} words.` : ''),
        },
        {
          role: 'user',
          content: `${dump(evicted, Number.POSITIVE_INFINITY)}\n\nGenerate the summary.`,
        },
      ],
    })
    if (answer.kind === 'nothing' && answer.isTooLong) continue
    if (answer.kind === 'nothing') return false
    const hidden = Math.max(0, transcript.length - (messages.length - cut))
    const content = `${OPENER}${hidden} of ${transcript.length} total messages) have been hidden from view due to conversation memory constraints.\nThe following is a summary of the previous ${evicted.length} messages:\n${answer.text}`
    compact(c, { cut, told: [{ role: 'user', content }], isOwn })
    memo.delete(WARNED)
    return true
  }
  return false
}

export default part({
  slot: 'context',
  about: 'warns of a window that fills, and pages its oldest share out into a recursive summary',
  source:
    'MemGPT, arXiv 2310.08560, 2.2 (read in the paper); constants.py of 2023 (read in source)',
  constants: {
    warnShare: 0.7,
    flushShare: 1,
    evictShare: 0.5,
    keepLastMessages: 0,
    onOverflowOnly: 0,
    // 0 for as many as the model likes. The code asks for 100, in whatever window: they do not scale.
    summaryWords: 0,
    // After an overflow, before an answer; assumed: the code tries as long as there is something to evict.
    tries: 3,
  },
  policy: ({ warnShare, flushShare, tries, ...paging }) => ({
    async prepare(c) {
      const { windowTokens } = c.session.limits
      const used = windowUsed(c)
      if (used > flushShare * windowTokens && paging.onOverflowOnly === 0) await evict(c, paging)
      else if (used > warnShare * windowTokens && !c.memo.has(WARNED)) {
        c.memo.set(WARNED, true)
        add(c, { role: 'user', content: ALERT })
      }
    },
    async overflowed(c) {
      return mayTry(c, 'context.paging.tries', tries) && evict(c, paging)
    },
  }),
})
