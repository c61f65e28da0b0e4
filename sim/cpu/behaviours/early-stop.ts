// The model ends its turn in the middle of the task, announcing what it would do next.

import { rate } from '../../core/param.ts'
import { behaviour, odds } from '../behaviour.ts'

export default behaviour({
  of: 'turn',
  params: { rate: rate('a turn ends the work before its end', 0.003) },
  weight({ thought, params }) {
    return thought.kind === 'act' ? odds(params.rate ?? 0) : null
  },
  apply: (_utterance, { thought }) => ({
    content: `Good progress so far. Next I would do ${thought.step}. Shall I go on?`,
    calls: [],
  }),
})
