// The first result of a tool stays, and with it the call that it answers: often a listing or the plan of all
// work. In SWE-agent the first observation is the task itself; here it is taken by its word.
import { part } from '../../kernel.ts'

export default part({
  slot: 'pinning',
  about: 'keeps the first result of a tool',
  source: 'SWE-agent 1.x: LastNObservations never elides the first observation (read in source)',
  policy: {
    keeps({ role, callId }, { transcript }) {
      return role === 'tool' && callId === transcript.find((said) => said.role === 'tool')?.callId
    },
  },
})
