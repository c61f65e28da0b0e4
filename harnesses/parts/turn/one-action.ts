// One action a turn: of several calls in an answer only the first is heard. The job ends where the tool that
// hands the work in has run, and, as in any loop, at an answer without a call. In SWE-agent both more and
// fewer calls than one are format errors: that is `recovery=requery`, which hears all that was said.
import { part } from '../../kernel.ts'

export default part({
  slot: 'turn',
  about: 'one call an answer; a successful `submit` ends the job',
  source: 'SWE-agent 1.x: agent/agents.py, tools/submit (read in source)',
  constants: { submit: 'submit' },
  policy: ({ submit }) => ({
    async ask(request, _conversation, next) {
      const completion = await next(request)
      if (completion.kind === 'refused') return completion
      const { message } = completion
      const { calls = [] } = message
      if (calls.length < 2) return completion
      return { ...completion, message: { ...message, calls: calls.slice(0, 1) } }
    },
    after({ answer, results }) {
      const [result] = results
      const isSubmitted = answer.calls?.[0]?.name === submit && result?.isError === false
      if (!isSubmitted) return undefined
      return { kind: 'end', reply: answer.content === '' ? result.text : answer.content }
    },
  }),
})
