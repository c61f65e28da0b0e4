// Tools by which a model speaks to its user, or says that it has finished, where a harness demands that the
// end be a call. Names observed: send_message (MemGPT, Letta), submit (SWE-agent), finish (OpenHands),
// attempt_completion (Cline), task_complete. One that is sent to somebody else, or is about a task with an id
// of its own, is none of these.
import type { Tool } from '../../core/message.ts'
import { completed, isWhole, property } from '../binding.ts'
import { type Binding, dialect } from '../dialect.ts'

const SPEAKS = /^(send_?message(_to_user)?|message_user|reply_to_user|respond_to_user)$/i
const ENDS =
  /^(submit|submit_?answer|finish|finish_?task|finalize|final_?answer|attempt_?completion|task_?(complete|completed|done)|complete_?task|mark_?complete)$/i
const TEXT = /^(message|content|text|answer|result|response|summary|output|final_?answer)$/i
const SOMEBODY =
  /^(to|from|recipients?|receiver|agent|agent_?name|channel|session|job|worker|address|e?mail|phone|id|\w+_id)$/i

/** The tools that serve, and the property that takes the words, if any. */
function wordsIn(tool: Tool): { readonly name: string | undefined } | undefined {
  const { name } = tool
  if (typeof name !== 'string' || property(tool, SOMEBODY) !== undefined) return undefined
  const text = property(tool, TEXT)
  if (SPEAKS.test(name)) return text === undefined ? undefined : { name: text }
  return ENDS.test(name) ? { name: text } : undefined
}

const answer: Binding = (tool) => {
  const words = wordsIn(tool)
  if (words === undefined) return undefined
  const of = (message: unknown) =>
    completed(tool, words.name === undefined ? {} : { [words.name]: message })
  return isWhole(tool, of('')) ? ({ message }) => of(message) : undefined
}

export default dialect({ rank: 1, ops: { answer } })
