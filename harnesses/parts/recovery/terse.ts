// Says that it failed, and nothing that would help.
import { part } from '../../kernel.ts'

export default part({
  slot: 'recovery',
  about: 'a short error; names neither the tools there are nor what is wrong',
  source: 'Codex: "unsupported call: X" (observed); many loops',
  policy: {
    read(_name, args) {
      try {
        return JSON.parse(args)
      } catch {
        return { text: 'Error: invalid arguments', isError: true }
      }
    },
    unknownTool: (name) => ({ text: `Unknown tool: ${name}`, isError: true }),
  },
})
