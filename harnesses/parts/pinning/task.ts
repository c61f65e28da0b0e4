// The first thing that the user said stays, whatever is dropped.
import { part } from '../../kernel.ts'

export default part({
  slot: 'pinning',
  about: "keeps the user's first message",
  source:
    'SWE-agent and Terminus-2: the task stays in the history (read in source); most harnesses',
  policy: {
    keeps({ role, content }, { transcript }) {
      return role === 'user' && content === transcript.find((said) => said.role === 'user')?.content
    },
  },
})
