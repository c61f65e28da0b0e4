// A line behind every result that says how much of the window is taken and left, so that a model could pace
// itself. The numbers are those of the newest answer; before the first one there are none.
import { part } from '../../kernel.ts'

export default part({
  slot: 'observe',
  about: 'each result ends with a line that says how much of the window is left',
  source:
    "Claude's context awareness: a system warning with token usage after each tool call (Anthropic's documentation, from memory)",
  policy: {
    async run(call, { usage, session }, next) {
      const result = await next(call)
      if (usage === undefined) return result
      const { windowTokens } = session.limits
      const used = usage.input + usage.output
      const left = Math.max(0, windowTokens - used)
      const line = `<system_warning>Token usage: ${used}/${windowTokens}; ${left} remaining</system_warning>`
      return { ...result, text: `${result.text}\n\n${line}` }
    },
  },
})
