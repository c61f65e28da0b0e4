// A known fault: the whole catalogue, schemas and all, at every call that cannot be run. With many tools and
// a model that errs, the window fills with copies of it.

import { replying } from '../../hands/spoken.ts'
import { inWords } from '../../hands/validate.ts'
import { part, type Tool } from '../../kernel.ts'

const catalogue = (tools: readonly Tool[]): string =>
  tools
    .map(({ name, description, inputSchema }) => JSON.stringify({ name, description, inputSchema }))
    .join('\n')

const all = (failed: string, tools: readonly Tool[]): string =>
  `Error: ${failed}.\n\nAvailable tools:\n${catalogue(tools)}`

export default part({
  slot: 'recovery',
  about: 'known fault: the whole catalogue with its schemas at every bad call',
  source: 'assumed: seen in many loops, where a helpful error was made of all that there was',
  policy: {
    read: replying({
      unknown: ({ name }, { tools }) => all(`no such tool: ${name}`, tools),
      malformed: ({ name }, why, { tools }) =>
        all(`the arguments of ${name} are not valid JSON: ${why}`, tools),
      invalid({ name }, problems, { tools }) {
        const why = problems.map((problem) => inWords(problem)).join('; ')
        return all(`invalid arguments for ${name}: ${why}`, tools)
      },
    }),
  },
})
