// Terminus-2's handoff (terminal-bench and harbor, terminus_2.py, read in a fork): with less than 8,000 tokens
// free the old agent writes a summary, a fresh one that sees only task, summary and screen asks at least
// five questions, the old one answers, and the fresh one goes on. After an overflow, the newest rounds are
// unwound until 4,000 are free; what stood in them is lost. The screen is the newest result here. How long
// summary and questions may be is assumed, and that a short summary is called one.
import { estimate } from '../../history/estimate.ts'
import { roundsOf } from '../../history/rounds.ts'
import {
  compact,
  hasNews,
  type IsOwn,
  inPlace,
  mayTry,
  pinnedIn,
  written,
  writtenInPlace,
} from '../../history/summarise.ts'
import { windowUsed } from '../../history/usage.ts'
import { type Conversation, type Message, part } from '../../kernel.ts'

const SECTIONS =
  '1. **Major Actions Completed**\n2. **Important Information Learned**\n3. **Challenging Problems Addressed**\n4. **Current Status**'

const OPENERS = [
  'You are picking up work from a previous AI agent on this task:',
  'Here are the answers the other agent provided.',
] as const

const isOwn: IsOwn = ({ role, content }) =>
  role === 'user' && OPENERS.some((opener) => content.startsWith(opener))

interface Handing {
  readonly summaryTokens: number
  readonly questionTokens: number
  readonly screenChars: number
}

/** The newest result in view, as far as a screen shows it. */
function screenOf({ messages, scale }: Conversation, chars: number): string {
  const newest = messages.findLast(({ role }) => role === 'tool')?.content ?? ''
  return newest.slice(-Math.max(1, Math.floor(chars * scale)))
}

const user = (content: string): Message => ({ role: 'user', content })

const WISH = user(
  `You are about to hand off your work to another AI agent, which has to know all that has happened. Write a comprehensive summary of what was done so far on the original task:\n${SECTIONS}`,
)

/** The questions stand above it, in the words of who asks them: what they quote is not asked for anew. */
const ASKS = user(
  'The next agent has read your summary and asks the questions above. Answer them one by one, in detail.',
)

/** So many, scaled, and room for what is asked and for the task, which do not shrink with the window. */
const roomFor = ({ scale, session }: Conversation, freeTokens: number): number =>
  freeTokens * scale + estimate([WISH, ASKS, user(session.job.prompt)])

/** Summary, questions, answers. False where one of them was not to be had: then nothing has changed. */
async function handOff(c: Conversation, of: Handing): Promise<boolean> {
  const { messages, session, scale } = c
  const { prompt } = session.job
  // Nothing has happened since the last one.
  if (messages.slice(-1).some(isOwn) || !hasNews(c, messages.slice(1), isOwn)) return false
  const silent = { tools: c.tools, toolChoice: 'none' } as const
  const summary = await writtenInPlace(c, {
    ...silent,
    messages: [...messages, WISH],
    maxTokens: of.summaryTokens * scale,
  })
  if (summary.kind === 'nothing') return false
  const start = user(
    `${OPENERS[0]}\n\n**Original Task:** ${prompt}\n\n**Summary from Previous Agent:**\n${summary.text}\n\n**Current Terminal Screen:**\n${screenOf(c, of.screenChars)}\n\nBegin by asking at least five questions about the state of the work that the summary does not answer. Ask for all that you need to know: after this you are on your own.`,
  )
  const maxTokens = of.questionTokens * scale
  const questions = await written(c, { messages: [start], maxTokens })
  if (questions.kind === 'nothing') return false
  const told: Message = { role: 'assistant', content: summary.text }
  const fresh: Message = { role: 'assistant', content: questions.text }
  const asked = [...messages, WISH, told, fresh, ASKS]
  const answers = await writtenInPlace(c, { ...silent, messages: asked })
  if (answers.kind === 'nothing') return false
  const handed = user(
    `${OPENERS[1]}\n\n${answers.text}\n\nContinue from where the previous agent left off. You can no longer ask questions.`,
  )
  compact(c, { cut: messages.length, told: [start, fresh, handed], isOwn })
  return true
}

/** Drops the newest rounds, what is pinned excepted, until so many tokens are free. */
function unwind(c: Conversation, freeTokens: number): void {
  const most = c.session.limits.windowTokens - freeTokens
  let used = windowUsed(c)
  for (const { at, messages } of roundsOf(c.messages).toReversed()) {
    if (at <= 1 || used <= most) break
    if (pinnedIn(c, messages, isOwn).length > 0) continue
    used -= estimate(messages)
    c.messages = [...c.messages.slice(0, at), ...c.messages.slice(at + messages.length)]
  }
  c.usage = undefined
}

/** Where the handoff fails: the task again, with a few sentences of the model, or with the screen alone. */
async function fallBack(c: Conversation, screenChars: number, maxTokens: number): Promise<void> {
  const { prompt } = c.session.job
  const state = `Current state: ${screenOf(c, screenChars)}`
  const short = await written(c, {
    messages: [
      user(
        `Briefly continue this task: ${prompt}\n\n${state}\n\nNext steps, as a short summary (2-3 sentences):`,
      ),
    ],
    maxTokens,
  })
  const told = short.kind === 'text' ? `Summary: ${short.text}` : state
  c.messages = [...c.messages, user(`${prompt}\n\n${told}`)]
}

export default part({
  slot: 'context',
  about: 'near the end of the window, a fresh agent takes over by a summary, questions and answers',
  source: 'Terminus-2, terminus_2.py (read in a fork)',
  constants: {
    proactiveFreeTokens: 8000,
    unwindFreeTokens: 4000,
    // Of the two together, as much as is unwound: or the request for the answers would not fit.
    summaryTokens: 3000,
    questionTokens: 1000,
    // 160 columns of 40 rows.
    screenChars: 6400,
    fallbackScreenChars: 1000,
  },
  policy: ({ proactiveFreeTokens, unwindFreeTokens, fallbackScreenChars, ...of }) => ({
    ...inPlace,
    async prepare(c) {
      const free = c.session.limits.windowTokens - windowUsed(c)
      if (free < roomFor(c, proactiveFreeTokens)) await handOff(c, of)
    },
    async overflowed(c) {
      if (!mayTry(c, 'context.qa-handoff', 1)) return false
      unwind(c, roomFor(c, unwindFreeTokens))
      if (!(await handOff(c, of)))
        await fallBack(c, fallbackScreenChars, of.questionTokens * c.scale)
      return true
    },
  }),
})
