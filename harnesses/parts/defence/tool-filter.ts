// A tool whose deeds cannot be undone is offered only where the user's prompt calls for it, chosen before any
// result is seen. AgentDojo lets a model choose among all tools; here words of the prompt choose among those.
import { part } from '../../kernel.ts'

const CANNOT_BE_UNDONE = /cannot be undone|irreversible/i

/** Words of four letters and more, and `pay`, without endings. */
const wordsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .split(/[^a-z]+/)
    .map((word) => word.replace(/(?:ments?|s|ed|ing)$/, ''))
    .filter((word) => word.length > 3 || word === 'pay')

export default part({
  slot: 'defence',
  about: 'tools that cannot be undone are offered only where the prompt calls for them',
  source: 'AgentDojo (Debenedetti et al., 2024), defence tool_filter, with words for a model',
  policy: {
    open(c) {
      const asked = new Set(wordsOf(c.session.job.prompt))
      c.tools = c.tools.filter(
        ({ name, description = '' }) =>
          !CANNOT_BE_UNDONE.test(description) ||
          wordsOf(`${name} ${description}`).some((word) => asked.has(word)),
      )
    },
  },
})
