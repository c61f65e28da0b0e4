// The first of Claude Code's five stages: a result beyond its cap is a preview from the turn in which it came,
// and so are the largest of one turn while together they are beyond theirs. The reader of files is exempt, as
// it has limits of its own. Claude Code keeps the whole text in a file of its session, which its tools can
// read; here such a file would be a change of the world, or where no tool reaches. So the rest is left out,
// and the model told to ask for less.

import { resultsIn, type Told } from '../../history/results.ts'
import { type Conversation, type Message, part } from '../../kernel.ts'

const preview = (text: string, previewChars: number): string =>
  `Output too large (${text.length} characters). Only its beginning is shown, the rest was left out: ask for less at once, or for the part that is needed.\n\nPreview (first ${previewChars} characters):\n${text.slice(0, previewChars)}\n...`

/** Results that came since the model last spoke; earlier ones were seen to then. */
function newest({ messages }: Conversation): Told[] {
  const last = messages.findLastIndex(({ role }) => role === 'assistant')
  return resultsIn(messages.slice(Math.max(0, last))).map((told) => ({
    ...told,
    at: told.at + Math.max(0, last),
  }))
}

export default part({
  slot: 'context',
  about: 'caps what a result, and the results of one turn, may hold; a preview stays',
  source:
    'Claude Code, stage 1 of 5 (arXiv 2604.14228); caps and the exemption from secondary reading; the preview of 2 KB as observed',
  constants: {
    resultMaxChars: 50_000,
    turnMaxChars: 200_000,
    previewChars: 2000,
    exemptTools: ['Read', 'read', 'read_file', 'open'],
  },
  policy: ({ resultMaxChars, turnMaxChars, previewChars, exemptTools }) => ({
    prepare(c) {
      const shownChars = Math.floor(previewChars * c.scale)
      const results = newest(c).filter(
        ({ tool, message }) => !exemptTools.some((name) => name === tool) && !c.isPinned(message),
      )
      const texts = new Map(results.map(({ at, message }) => [at, message.content]))
      let total = 0
      for (const text of texts.values()) total += text.length
      const largest = [...texts].toSorted(([, a], [, b]) => b.length - a.length)
      let isReduced = false
      for (const [at, text] of largest) {
        const isOver = text.length > resultMaxChars * c.scale || total > turnMaxChars * c.scale
        const short = isOver ? preview(text, shownChars) : text
        if (short.length >= text.length) continue
        texts.set(at, short)
        total -= text.length - short.length
        isReduced = true
      }
      if (!isReduced) return
      c.messages = c.messages.map((message, at): Message => {
        const content = texts.get(at)
        return content === undefined || content === message.content
          ? message
          : { ...message, content }
      })
    },
  }),
})
