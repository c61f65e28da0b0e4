// Repairs what was cut off and runs it: whatever arrived of a string is taken for all of it, and the
// history shows the call as if it had been whole. Garbage becomes {} and fails validation.
import { parse } from 'partial-json'
import { part } from '../../kernel.ts'

export default part({
  slot: 'recovery',
  about: 'repairs cut-off JSON and runs it; the history shows it as whole',
  source:
    'Pi 0.73.1: pi-ai/dist/utils/json-parse.js, with the same parser (read in source, observed)',
  policy: {
    read(_name, args) {
      for (const attempt of [JSON.parse, parse] as const) {
        try {
          const value: unknown = attempt(args)
          if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
        } catch {}
      }
      return {}
    },
    retell: (args) => JSON.stringify(args),
    unknownTool: (name) => ({ text: `Tool ${name} not found`, isError: true }),
  },
})
