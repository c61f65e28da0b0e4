// Repairs what was cut off and runs it: whatever arrived of a string is taken for all of it, and the
// history shows the call as if it had been whole. Garbage becomes {} and fails validation.
import { parse } from 'partial-json'
import { type Args, part } from '../../kernel.ts'

function repaired(args: string): Args {
  for (const attempt of [JSON.parse, parse] as const) {
    try {
      const value: unknown = attempt(args)
      if (typeof value === 'object' && value !== null) return value as Args
    } catch {}
  }
  return {}
}

export default part({
  slot: 'recovery',
  about: 'known fault: repairs cut-off JSON and runs it; the history shows it as whole',
  source:
    'Pi 0.73.1: pi-ai/dist/utils/json-parse.js, with the same parser (read in source, observed)',
  policy: {
    read({ id, name, args: spoken }, { tools }) {
      const args = repaired(spoken)
      const shown = { id, name, args: JSON.stringify(args) }
      if (tools.some((tool) => tool.name === name))
        return { kind: 'run', call: { id, name, args }, shown }
      return { kind: 'tell', result: { text: `Tool ${name} not found`, isError: true }, shown }
    },
  },
})
