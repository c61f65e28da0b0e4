// The fourth of Claude Code's five stages: a projection at the time of reading, the stored history stays as it
// is. Beyond a threshold, long texts are shown as their heads and tails, the newest messages excepted; a request
// that was too long is shown so from then on. The form is OpenHarness's, which collapses no results; here they
// are, for in one job nearly all text is theirs. What a call was given stays.
import { estimate } from '../../history/estimate.ts'
import { type Conversation, type Message, part } from '../../kernel.ts'

interface Sizes {
  readonly maxChars: number
  readonly headChars: number
  readonly tailChars: number
  readonly keepMessages: number
}

const COMMITTED = 'context.context-collapse.isCommitted'

/** The text as its head and tail; as it is where it is not long. */
function collapsed(text: string, { maxChars, headChars, tailChars }: Sizes, scale: number): string {
  if (text.length <= maxChars * scale) return text
  const head = text.slice(0, Math.floor(headChars * scale)).trimEnd()
  const tail = text.slice(text.length - Math.floor(tailChars * scale)).trimStart()
  const omitted = text.length - Math.floor(headChars * scale) - Math.floor(tailChars * scale)
  const short = `${head}\n...[collapsed ${omitted} chars]...\n${tail}`
  return short.length < text.length ? short : text
}

/** The very same list where nothing is long. */
function project(messages: readonly Message[], c: Conversation, sizes: Sizes): readonly Message[] {
  const old = messages.length - sizes.keepMessages
  let isShorter = false
  const shown = messages.map((message, at) => {
    if (at === 0 || at >= old || message.role === 'system' || c.isPinned(message)) return message
    const content = collapsed(message.content, sizes, c.scale)
    isShorter ||= content !== message.content
    return content === message.content ? message : { ...message, content }
  })
  return isShorter ? shown : messages
}

export default part({
  slot: 'context',
  about: 'shows long old texts as head and tail once the window is nearly full',
  source:
    'Claude Code, stage 4 of 5 (arXiv 2604.14228); 90 % of window less reserve from secondary reading; OpenHarness: 2,400 characters to 900 and 500, 6 messages kept (read in source)',
  constants: {
    fullShare: 0.9,
    reserveTokens: 20_000,
    maxChars: 2400,
    headChars: 900,
    tailChars: 500,
    keepMessages: 6,
  },
  policy: ({ fullShare, reserveTokens, ...sizes }) => {
    const isOn = (messages: readonly Message[], c: Conversation): boolean =>
      c.memo.has(COMMITTED) ||
      estimate(messages) + estimate(c.tools) >
        fullShare * (c.session.limits.windowTokens - reserveTokens * c.scale)
    return {
      view: (messages, c) => (isOn(messages, c) ? project(messages, c, sizes) : messages),
      async overflowed(c) {
        const wasOn = isOn(c.messages, c)
        c.memo.set(COMMITTED, true)
        return !wasOn && project(c.messages, c, sizes) !== c.messages
      },
    }
  },
})
