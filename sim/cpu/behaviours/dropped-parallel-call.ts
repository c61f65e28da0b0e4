// Of several calls meant for one turn, one is not made. The window does not show it as done, so it comes
// later, if the model gets another turn.
import { rate } from '../../core/param.ts'
import { behaviour, odds } from '../behaviour.ts'
import { misspeak } from '../misspeak.ts'

export default behaviour({
  of: 'call',
  params: { rate: rate('one of several calls of a turn is not made', 0.01) },
  weight: ({ bound, params }) => (bound.length < 2 ? null : odds(params.rate ?? 0)),
  apply: (utterance, at) => misspeak(utterance, at, { fits: () => true, says: () => [] }),
})
