// A summary of a user's earlier jobs stands in the system message, and nothing else of them does: at the end of
// each job the model writes it anew from the one before and from what was said. What a summary loses is lost. It
// is the design that MemGPT is compared with: a recursive summary, without a way back to what it is of.
import { dump, written } from '../../history/summarise.ts'
import { behindSystem, type Kept, type Store, storeOf } from '../../kept/store.ts'
import { type Conversation, type Message, part } from '../../kernel.ts'

const STORE = 'memory.session-summary'
const HEAD = '\n\n# Earlier sessions\nA summary of what was said before:\n'

const storeIn = ({ memo }: Conversation): Store<Kept> | undefined =>
  memo.get(STORE) as Store<Kept> | undefined

const newest = (c: Conversation): string => storeIn(c)?.records.at(-1)?.text ?? ''

/** The summary so far, and what was said in this job. */
function told(c: Conversation): Message {
  const before = newest(c)
  const said = dump(c.transcript.filter(({ role }) => role !== 'system'))
  const content = before === '' ? said : `Summary of what was said before:\n${before}\n\n${said}`
  return { role: 'user', content: `${content}\n\nSummarize the conversation so far.` }
}

export default part({
  slot: 'memory',
  about:
    'a summary of the earlier jobs, written anew at the end of each, stands in the system message',
  source:
    'MemGPT, arXiv 2310.08560, 3.1.1: recursive summarisation as the baseline (read in the paper); the number of words is assumed',
  constants: { words: 300 },
  policy: ({ words }) => ({
    async open(c) {
      c.memo.set(STORE, await storeOf(c, 'sessions'))
    },
    view(messages, c) {
      const summary = newest(c)
      return behindSystem(messages, summary === '' ? '' : HEAD + summary)
    },
    async close(c) {
      const ask = `Write a summary of the conversation so far, for later sessions. Keep whatever may be asked for later. Keep it under ${words} words. Only output the summary.`
      const answer = await written(c, {
        messages: [{ role: 'system', content: ask }, told(c)],
      })
      if (answer.kind === 'text') await storeIn(c)?.add({ text: answer.text })
      return true
    },
  }),
})
