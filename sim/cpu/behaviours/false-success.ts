// The model says that all is done, and it is not.

import { factor, rate } from '../../core/param.ts'
import { behaviour, lastFailed, odds } from '../behaviour.ts'

export default behaviour({
  of: 'turn',
  params: {
    rate: rate('a turn claims success before the end', 0.003),
    afterFailure: factor('on the odds where the newest result is an error', 2),
  },
  weight({ view, thought, params }) {
    if (thought.kind !== 'act') return null
    return odds(params.rate ?? 0) * (lastFailed(view) ? (params.afterFailure ?? 1) : 1)
  },
  apply: () => ({ content: 'All done: everything was carried out as asked.', calls: [] }),
})
