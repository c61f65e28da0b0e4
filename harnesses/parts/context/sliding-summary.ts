// Letta v3 (services/summarizer/summarizer_sliding_window.py and compact.py, read in source): over .9 of the
// window a growing share of the oldest messages, 40 % at first, is summarised, cut at an answer, until less
// than .7 of the window is left; where no share is enough, all of it. After an overflow at most three times.
// The wording of its prompts is shortened here.
import { estimate } from '../../history/estimate.ts'
import { sizeOf } from '../../history/rounds.ts'
import { compact, dump, hasNews, mayTry, opensWith, written } from '../../history/summarise.ts'
import { windowUsed } from '../../history/usage.ts'
import { type Conversation, part } from '../../kernel.ts'

const SECTIONS =
  '1. **High level goals**: the ongoing task and what the user asked for.\n2. **What happened**: what was done, and how it went.\n3. **Important details**: files, names, values and decisions.\n4. **Errors and fixes**\n5. **Current state**\n6. **Lookup hints**: for what does not fit in, the topic and key terms by which it can be found in message history later.\n\nIf there is an earlier summary in the transcript, keep what is critical of it. Write in first person as a factual record.'

const SLIDING = `The following messages are being evicted from the BEGINNING of your context window. Write a detailed summary of them, to appear BEFORE the remaining recent messages. Include these sections:\n\n${SECTIONS}`
const ALL = `The conversation so far is being evicted from your context window. Write a detailed summary from which the work can be resumed. Include these sections:\n\n${SECTIONS}`

const OPENER =
  'Note: prior messages have been hidden from view due to conversation memory constraints.\nThe following is a summary of the previous messages:\n'
const isOwn = opensWith(OPENER)

interface Sliding {
  readonly fullShare: number
  readonly slideShare: number
  readonly stepShare: number
  readonly margin: number
  readonly summaryMaxChars: number
  readonly resultMaxChars: number
  readonly slidingWords: number
  readonly allWords: number
}

/** In hundredths, so that a sum of shares is what it says. */
const stepOf = ({ stepShare }: Sliding): number => Math.round(100 * stepShare)

/**
 * Where to cut, before an answer; undefined where no share but all of it is enough. The whole is a share, too,
 * for theirs is a sum of tenths that stays below 1; but the newest message alone is never what is left.
 */
function cutoff({ messages, session }: Conversation, of: Sliding): number | undefined {
  const goal = (1 - of.slideShare) * session.limits.windowTokens
  const step = stepOf(of)
  for (let share = Math.round(100 * of.slideShare) + step; share <= 100; share += step) {
    const most = Math.round((share * messages.length) / 100)
    const cut = messages.findLastIndex(({ role }, i) => role === 'assistant' && i <= most)
    if (cut < 1) continue
    const left = estimate(messages.slice(0, 1)) + estimate(messages.slice(cut))
    if (of.margin * left < goal) return cut < messages.length - 1 ? cut : undefined
  }
  return undefined
}

/** What became of the wish to summarise what stands before `cut`. */
type Came = 'summarised' | 'nothing' | 'too long'

async function evict(c: Conversation, cut: number, of: Sliding): Promise<Came> {
  const evicted = c.messages.slice(1, cut)
  if (!hasNews(c, evicted, isOwn)) return 'nothing'
  const isAll = cut === c.messages.length
  const words = isAll ? of.allWords : of.slidingWords
  const prompt = `${isAll ? ALL : SLIDING}\n\nKeep your summary under ${words} words. Only output the summary.`
  const answer = await written(c, {
    messages: [
      { role: 'system', content: prompt },
      { role: 'user', content: `${dump(evicted, of.resultMaxChars)}\n\nGenerate the summary.` },
    ],
  })
  if (answer.kind === 'nothing') return answer.isTooLong ? 'too long' : 'nothing'
  const most = Math.max(1, Math.floor(of.summaryMaxChars * c.scale))
  const { text } = answer
  const fitting =
    text.length <= most ? text : `${text.slice(0, most)}... [summary truncated to fit]`
  compact(c, { cut, told: [{ role: 'user', content: OPENER + fitting }], isOwn })
  return 'summarised'
}

/** The window slides on; where that is not enough, or fails, all is summarised: if it can be told at all. */
async function slide(c: Conversation, of: Sliding): Promise<boolean> {
  const cut = cutoff(c, of)
  const came = cut === undefined ? 'nothing' : await evict(c, cut, of)
  if (came === 'too long') return false
  const hasSlid = came === 'summarised'
  if (hasSlid && of.margin * sizeOf(c) < of.fullShare * c.session.limits.windowTokens) return true
  return (await evict(c, c.messages.length, of)) === 'summarised' || hasSlid
}

export default part({
  slot: 'context',
  about: 'near the end of the window, summarises a share of the oldest messages, or else all',
  source: 'Letta v3, letta_agent_v3.py and services/summarizer (read in source)',
  constants: {
    fullShare: 0.9,
    slideShare: 0.3,
    stepShare: 0.1,
    // On an estimate of characters / 4.
    margin: 1.3,
    tries: 3,
    summaryMaxChars: 50_000,
    // Of a result that is told to the summariser; not scaled, as it is meant for one result.
    resultMaxChars: 5000,
    // Asked for in words, in whatever window; so they do not scale.
    slidingWords: 300,
    allWords: 500,
  },
  policy({ tries, ...of }) {
    if (!(stepOf(of) >= 1))
      throw new TypeError(`stepShare: ${of.stepShare} is less than a hundredth`)
    return {
      async prepare(c) {
        if (windowUsed(c) > Math.floor(of.fullShare * c.session.limits.windowTokens))
          await slide(c, of)
      },
      async overflowed(c) {
        return mayTry(c, 'context.sliding-summary', tries) && slide(c, of)
      },
    }
  },
})
