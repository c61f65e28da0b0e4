// An unknown tool is answered with the names nearest to it, however far they are: theirs by Levenshtein's
// distance, ours by the words and the first letters that two names share. Arguments are objects on Gemini's
// wire, so what is said to those that are no JSON is assumed.

import { replying } from '../../hands/spoken.ts'
import { inWords } from '../../hands/validate.ts'
import { part } from '../../kernel.ts'

const wordsOf = (name: string): string[] =>
  name
    .replaceAll(/([a-z0-9])(?=[A-Z])/g, '$1 ')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')

/** In [0, 2]: the share of words in common, and the share of letters that the longer begins with. */
function nearness(a: string, b: string): number {
  const [left, right] = [wordsOf(a), wordsOf(b)]
  const alike = left.filter((word) =>
    right.some((other) => word.startsWith(other) || other.startsWith(word)),
  )
  const longer = Math.max(a.length, b.length, 1)
  let same = 0
  while (same < longer && a[same] === b[same]) same++
  return (2 * alike.length) / Math.max(left.length + right.length, 1) + same / longer
}

export default part({
  slot: 'recovery',
  about: 'an unknown tool is answered with the names nearest to it',
  source:
    'Gemini CLI 0.61.0 and Qwen Code 0.24.4 (observed); three of them, read in source (core scheduler)',
  constants: { suggestions: 3 },
  policy: ({ suggestions }) => ({
    read: replying({
      unknown({ name }, { tools }) {
        const near = tools
          .map((tool) => tool.name)
          .toSorted((a, b) => nearness(name, b) - nearness(name, a))
          .slice(0, suggestions)
          .map((candidate) => `"${candidate}"`)
        const ask = near.length > 1 ? ` Did you mean one of: ${near.join(', ')}?` : ''
        const one = near.length === 1 ? ` Did you mean ${near[0]}?` : ''
        return `Tool "${name}" not found in registry. Tools must use the exact names that are registered.${ask}${one}`
      },
      malformed: (_call, why) => `params must be object: ${why}`,
      invalid: (_call, problems) =>
        problems.map((problem) => inWords(problem, 'params')).join(', '),
    }),
  }),
})
