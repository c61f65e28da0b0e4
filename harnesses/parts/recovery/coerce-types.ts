// Arguments of the wrong type are converted where they can be: "5" to 5, "true" to true, 7 to "7", before
// any tool looks at them. It stands around another recovery part, which does the reading. The history keeps
// the call as it was spoken.

import { coerced } from '../../hands/validate.ts'
import { type Args, part } from '../../kernel.ts'

export default part({
  slot: 'recovery',
  about: 'arguments are converted to the types of the schema; around another recovery part',
  source: 'Pi 0.73.1: validation after Value.Convert of TypeBox (read in source)',
  policy: {
    read(spoken, { tools }, next) {
      const reading = next(spoken)
      if (reading.kind !== 'run') return reading
      const { call } = reading
      const tool = tools.find(({ name }) => name === call.name)
      const args = coerced(tool?.inputSchema, call.args) as Args
      return { ...reading, call: { ...call, args } }
    },
  },
})
