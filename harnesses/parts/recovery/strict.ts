// Runs nothing that is not JSON, says what is wrong with it, and lists the tools there are.
import { part } from '../../kernel.ts'

export default part({
  slot: 'recovery',
  about: 'never runs what is no JSON; says where it breaks; lists the tools there are',
  source: 'Claude Code (InputValidationError), AI SDK (list of tools), as observed',
  policy: {
    read(name, args) {
      try {
        return JSON.parse(args)
      } catch (thrown) {
        const why = thrown instanceof Error ? thrown.message : String(thrown)
        return {
          text: `Error: the arguments of ${name} are not valid JSON and nothing was run: ${why}. Call it again with the whole arguments.`,
          isError: true,
        }
      }
    },
    unknownTool: (name, tools) => ({
      text: `Error: no such tool: ${name}. Available tools: ${tools.map((tool) => tool.name).join(', ')}`,
      isError: true,
    }),
  },
})
