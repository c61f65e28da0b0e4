// The whole catalogue with its descriptions at the first unknown tool, the names alone from then on: what is
// told once stays in the history.

import { namesOf, replying } from '../../hands/spoken.ts'
import { part, type Tool } from '../../kernel.ts'

const TOLD = 'recovery.catalogue'

const described = ({ name, description = '' }: Tool): string => `- ${name}: ${description}`

export default part({
  slot: 'recovery',
  about: 'the first unknown tool is answered with all tools and what they do, others with names',
  source: 'assumed: what a list of names lacks, at a price that is paid once',
  policy: {
    read: replying({
      unknown({ name }, { tools, memo }) {
        const failed = `Error: no such tool: ${name}.`
        if (memo.has(TOLD)) return `${failed} Available tools: ${namesOf({ tools })}`
        memo.set(TOLD, true)
        return `${failed} These are the tools there are:\n${tools.map(described).join('\n')}`
      },
      malformed: ({ name }, why) =>
        `Error: the arguments of ${name} are not valid JSON and nothing was run: ${why}.`,
    }),
  },
})
