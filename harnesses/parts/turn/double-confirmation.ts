// A claim to be done has to be made twice in a row: the first is answered with the state of the terminal and
// the question whether that is sure. A claim is `"task_complete": true` in an answer; in a loop that knows
// no such word it is an answer without a call. What came to an error claims nothing.
import { analysisIn } from '../../hands/batch.ts'
import { type Message, part } from '../../kernel.ts'

const CLAIMED = 'turn.claimed'

const claiming = (isDone: boolean): RegExp => new RegExp(`"task_complete"\\s*:\\s*${isDone}\\b`)

function isClaim({ content, calls = [] }: Message): boolean {
  if (claiming(true).test(content)) return true
  return calls.length === 0 && !claiming(false).test(content)
}

/** What the user is told: an answer of keys says it in its analysis. */
const spoken = ({ content }: Message): string => analysisIn(content) ?? content

const question = (screen: string): Message => ({
  role: 'user',
  content: `Current terminal state:\n${screen}\n\nAre you sure you want to mark the task as complete? This will trigger your solution to be graded and you won't be able to make any further corrections. If so, include "task_complete": true in your JSON response again.`,
})

export default part({
  slot: 'turn',
  about: 'a claim to be done has to be repeated on the next turn',
  source: 'Terminus 2 of Terminal-Bench (read in a fork)',
  policy: {
    after({ answer, results }, { memo, messages }) {
      if (!isClaim(answer) || results.some(({ isError }) => isError)) {
        memo.delete(CLAIMED)
        return undefined
      }
      if (memo.has(CLAIMED)) return { kind: 'end', reply: spoken(answer) }
      memo.set(CLAIMED, true)
      const shown = results.map(({ text }) => text).join('\n')
      const last = messages.findLast(({ role }) => role === 'tool')?.content
      return { kind: 'go', say: [question(shown === '' ? (last ?? '') : shown)] }
    },
  },
})
