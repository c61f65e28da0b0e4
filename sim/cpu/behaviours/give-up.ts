// The model ends its turn saying that it cannot be done. Likelier after an error, as counted on ToolBench
// traces.
import { factor, rate } from '../../core/param.ts'
import { behaviour, lastFailed, odds } from '../behaviour.ts'

export default behaviour({
  of: 'turn',
  params: {
    rate: rate('a turn gives the task up', 0.001),
    afterFailure: factor('on the odds where the newest result is an error', 20),
  },
  weight({ view, thought, params }) {
    if (thought.kind !== 'act') return null
    return odds(params.rate ?? 0) * (lastFailed(view) ? (params.afterFailure ?? 1) : 1)
  },
  apply: (_utterance, { thought }) => ({
    content: `I am sorry, this cannot be done: ${thought.step}. I stop here.`,
    calls: [],
  }),
})
