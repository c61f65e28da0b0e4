// Claude Code's fifth shaper (arXiv 2604.14228, read in the paper; its constants in agreeing secondary
// readings; shape of the request observed at 2.1.330): over window - 20,000 - 13,000 it asks in the same
// conversation, tools and all, for a summary in nine sections. Three failures in a row, and it asks no
// more. After an overflow, once a turn. The wording of the prompt is shortened here. OpenHarness keeps the
// newest 6 messages beside the summary, and offers no tools for it: constants.

import { roundsOf } from '../../history/rounds.ts'
import {
  compact,
  hasNews,
  inPlace,
  mayTry,
  opensWith,
  type Written,
  writtenInPlace,
} from '../../history/summarise.ts'
import { windowUsed } from '../../history/usage.ts'
import { type Conversation, type Message, part, type Request } from '../../kernel.ts'

const PROMPT = `CRITICAL: Respond with TEXT ONLY. Do NOT call any tools.

Create a detailed summary of the conversation so far, from which the work can be continued.
First think in <analysis> tags, then write in <summary> tags these sections:
1. Primary Request and Intent
2. Key Technical Concepts
3. Files and Code Sections
4. Errors and Fixes
5. Problem Solving
6. All User Messages: every one that is no tool result
7. Pending Tasks
8. Current Work
9. Next Step: only in line with what was asked for last

REMINDER: Do NOT call any tools. Answer with <analysis> and <summary> alone.`

const OPENER =
  'This session is being continued from a previous conversation that ran out of context. Its earlier part is summarized below:\n\n'
const GO_ON =
  '\n\nContinue from where it left off, with the last task you were asked to work on. Do not acknowledge the summary and ask nothing.'
const isOwn = opensWith(OPENER)

export const CONSTANTS = {
  outputTokens: 20_000,
  bufferTokens: 13_000,
  // Failures in a row, until it asks no more.
  failures: 3,
  // Where the request for the summary is itself too long: so often without its oldest rounds.
  tries: 3,
  dropShare: 0.2,
  keepRecentMessages: 0,
  // 0: the request for a summary offers none.
  offersTools: 1,
} as const

export interface Compacting {
  readonly outputTokens: number
  readonly bufferTokens: number
  readonly failures: number
  readonly tries: number
  readonly dropShare: number
  readonly keepRecentMessages: number
  readonly offersTools: number
}

export const threshold = (c: Conversation, { outputTokens, bufferTokens }: Compacting): number =>
  c.session.limits.windowTokens - (outputTokens + bufferTokens) * c.scale

/** Where what is kept begins: the newest messages, calls never without their results. */
function cutOf(messages: readonly Message[], keepMessages: number): number {
  let cut = Math.max(1, messages.length - keepMessages)
  while (cut > 1 && messages[cut]?.role === 'tool') cut--
  return cut
}

/** Asks in the conversation; each time that this is too long, without another share of the oldest rounds. */
async function asked(c: Conversation, cut: number, of: Compacting): Promise<Written> {
  let shown = c.messages.slice(0, cut)
  for (let tries = 0; ; tries++) {
    const request: Request = {
      messages: [...shown, { role: 'user', content: PROMPT }],
      ...(of.offersTools === 0 ? {} : { tools: c.tools }),
      maxTokens: of.outputTokens * c.scale,
    }
    const answer = await writtenInPlace(c, request)
    const rounds = roundsOf(shown)
    const drops = Math.max(1, Math.floor(of.dropShare * rounds.length))
    const rest = rounds[drops]?.at
    const isOver = answer.kind === 'text' || !answer.isTooLong || tries === of.tries
    if (isOver || rest === undefined) return answer
    shown = [...shown.slice(0, 1), ...shown.slice(rest)]
  }
}

/** What stands in the tags, or all that is not the scratchpad; also where the end was cut off. */
function summaryIn(text: string): string {
  const bare = text.replace(/<analysis>[\s\S]*?(?:<\/analysis>|$)/, '')
  return (/<summary>([\s\S]*?)(?:<\/summary>|$)/.exec(bare)?.[1] ?? bare).trim()
}

const FAILED = 'context.auto-compact.failed'
const failuresOf = ({ memo }: Conversation): number => Number(memo.get(FAILED) ?? 0)

/** Puts a summary in the place of all but what is kept. False, and one failure more, where there is none. */
export async function autoCompact(c: Conversation, of: Compacting): Promise<boolean> {
  const cut = cutOf(c.messages, of.keepRecentMessages)
  const answer = await asked(c, cut, of)
  const summary = answer.kind === 'text' ? summaryIn(answer.text) : ''
  c.memo.set(FAILED, summary === '' ? failuresOf(c) + 1 : 0)
  if (summary === '') return false
  compact(c, { cut, told: [{ role: 'user', content: OPENER + summary + GO_ON }], isOwn })
  return true
}

export const isBroken = (c: Conversation, { failures }: Compacting): boolean =>
  failuresOf(c) >= failures

const isWorthIt = (c: Conversation, { keepRecentMessages }: Compacting): boolean =>
  hasNews(c, c.messages.slice(1, cutOf(c.messages, keepRecentMessages)), isOwn)

/** After an overflow: once a turn. */
export const reactive = (of: Compacting) => ({
  ...inPlace,
  async overflowed(c: Conversation): Promise<boolean> {
    return mayTry(c, 'context.auto-compact', 1) && isWorthIt(c, of) && autoCompact(c, of)
  },
})

export default part({
  slot: 'context',
  about: 'near the end of the window, asks in the conversation for a summary and goes on from that',
  source:
    'Claude Code, arXiv 2604.14228 (read in the paper); constants in secondary reading; 2.1.330 observed',
  constants: CONSTANTS,
  policy: (of) => ({
    async prepare(c) {
      if (windowUsed(c) >= threshold(c, of) && !isBroken(c, of) && isWorthIt(c, of))
        await autoCompact(c, of)
    },
    ...reactive(of),
  }),
})
