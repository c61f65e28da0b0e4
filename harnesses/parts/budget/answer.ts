// So many tokens an answer, told to the provider. One that was cut off there before it called anything is taken
// for one that would not have ended: it is not kept, and the model is asked again with a word on it behind the
// history, which keeps neither; after so many in a row the job stops. A call that was cut off is left to
// whoever reads calls. Claude Code asks for so many tokens and recovers three times (secondary reading, the words
// are ours).
import { count } from '../../kept/meter.ts'
import { type Completion, part } from '../../kernel.ts'

const ENDLESS: Completion = {
  kind: 'refused',
  status: 400,
  code: 'endless_answer',
  message: 'the answers do not end.',
}

const isEndless = (completion: Completion): boolean =>
  completion.kind === 'message' &&
  completion.finish === 'length' &&
  (completion.message.calls ?? []).length === 0

export default part({
  slot: 'budget',
  about:
    'so many tokens an answer; one cut off there without a call is dropped and asked for again',
  source:
    'max_tokens of OpenAI and Anthropic; Claude Code: max_output_tokens recovery (secondary reading)',
  constants: {
    answerTokens: 8000,
    again: 3,
    says: 'Your last answer was cut off at its length and was not kept. Take the next step, in short.',
  },
  policy: ({ answerTokens, again, says }) => ({
    async ask(request, c, next) {
      const own = Math.max(1, Math.floor(answerTokens * c.scale))
      const bounded = { ...request, maxTokens: Math.min(own, request.maxTokens ?? own) }
      let asked = bounded
      for (let endless = 0; ; endless++) {
        const completion = await next(asked)
        if (!isEndless(completion) || c.signal?.aborted === true) return completion
        count(c, completion)
        if (endless === again) return ENDLESS
        asked = { ...bounded, messages: [...request.messages, { role: 'user', content: says }] }
      }
    },
  }),
})
