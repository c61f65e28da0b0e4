// A known fault: an unknown tool is an exception that nobody catches, and the run ends with it.

import { replying } from '../../hands/spoken.ts'
import { part } from '../../kernel.ts'

class ModelBehaviorError extends Error {
  override readonly name = 'ModelBehaviorError'
}

export default part({
  slot: 'recovery',
  about: 'known fault: an unknown tool throws, and nothing catches it',
  source: '@openai/agents 0.20.0 (observed; words read in source)',
  policy: {
    read: replying({
      unknown({ name }) {
        throw new ModelBehaviorError(`Tool ${name} not found in agent Agent.`)
      },
      malformed: (_call, why) =>
        `An error occurred while parsing tool arguments. Please try again with valid JSON. Error: ${why}`,
      invalid: () => 'An error occurred while running the tool. Please try again.',
    }),
  },
})
