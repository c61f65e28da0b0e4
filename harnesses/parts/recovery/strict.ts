// Runs nothing that is no JSON object, says what is wrong with it, and lists the tools there are.

import { argsOf, told } from '../../hands/spoken.ts'
import { part } from '../../kernel.ts'

export default part({
  slot: 'recovery',
  about: 'never runs what is no JSON; says where it breaks; lists the tools there are',
  source: 'Claude Code (InputValidationError), AI SDK (list of tools), as observed',
  policy: {
    read({ id, name, args }, { tools }) {
      if (!tools.some((tool) => tool.name === name)) {
        const names = tools.map((tool) => tool.name).join(', ')
        return told(`Error: no such tool: ${name}. Available tools: ${names}`)
      }
      const spoken = argsOf(args)
      if ('args' in spoken) return { kind: 'run', call: { id, name, args: spoken.args } }
      return told(
        `Error: the arguments of ${name} are not valid JSON and nothing was run: ${spoken.why}. Call it again with the whole arguments.`,
      )
    },
  },
})
