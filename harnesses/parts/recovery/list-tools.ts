// An unknown tool is answered with the names of those there are: the remedy that most loops have. The words
// are LangGraph's; arguments that are no JSON come back with the parser's message alone, as OpenAI's runTools
// has it, for what LangChain itself makes of them is `silent-end`.

import { namesOf, replying } from '../../hands/spoken.ts'
import { inWords } from '../../hands/validate.ts'
import { part } from '../../kernel.ts'

export default part({
  slot: 'recovery',
  about: 'an unknown tool is answered with the names of those there are',
  source:
    'LangGraph ToolNode, langchain 1.5.14 (observed); openai 7.57 runTools for arguments (observed)',
  policy: {
    read: replying({
      unknown: ({ name }, c) => `Error: ${name} is not a valid tool, try one of [${namesOf(c)}].`,
      malformed: (_call, why) => why,
      invalid: ({ name, args }, problems) => {
        const why = problems.map((problem) => inWords(problem)).join('; ')
        return `Error invoking tool '${name}' with kwargs ${args} with error:\n ${why}\n Please fix the error and try again.`
      },
    }),
  },
})
