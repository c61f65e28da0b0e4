// A line behind every result that says whether the call worked, and whether anything came back: what a model would
// otherwise have to read off an empty answer. Around another part for tools, or the world's own.
import { part, type Result } from '../../kernel.ts'

/** Nothing to read: no text, or the word for it. */
const NOTHING = /^\s*(?:null|none|undefined|""|\{\s*\}|\[\s*\])?\s*$/i

const statusOf = ({ text, isError }: Result): string => {
  if (isError === true) return 'failed'
  return NOTHING.test(text) ? 'ok, but nothing came back' : 'ok'
}

export default part({
  slot: 'tools',
  about: 'each result ends with a line that says whether the call worked and brought anything',
  source:
    'arXiv 2609.14758: retrieval that says whether it worked (quoted by another paper); the words are ours',
  policy: {
    async run(call, _conversation, next) {
      const result = await next(call)
      return { ...result, text: `${result.text}\n[status: ${statusOf(result)}]` }
    },
  },
})
