// A known fault: a call whose arguments are no JSON is set apart as invalid and forgotten; where none is left
// the run ends with what text there is, as a rule none, and says nothing of it. Else as `list-tools`.

import { argsOf } from '../../hands/spoken.ts'
import { part } from '../../kernel.ts'
import listTools from './list-tools.ts'

export default part({
  slot: 'recovery',
  about: 'known fault: arguments that are no JSON end the job without a word',
  source: 'langchain 1.5.14 createAgent, not streaming (observed: `invalid_tool_calls`, code 0)',
  policy: {
    ...listTools.policy,
    async ask(request, _conversation, next) {
      const completion = await next(request)
      if (completion.kind === 'refused') return completion
      const { calls = [] } = completion.message
      const valid = calls.filter(({ args }) => 'args' in argsOf(args))
      if (valid.length === calls.length) return completion
      const message = { ...completion.message, calls: valid.length > 0 ? valid : undefined }
      return { ...completion, message, finish: valid.length > 0 ? 'tool_calls' : 'stop' }
    },
  },
})
