// A call is made again that was made already: the last one that went well, as if it had not been seen; or,
// after an error, the very same call that has just failed, where it should have been corrected. A failed
// call that was right is made again by competence: then there is nothing to choose.
import { rate } from '../../core/param.ts'
import { behaviour, lastFailed, odds, type Situation } from '../behaviour.ts'
import { stepOfCall } from '../call-id.ts'
import { madeUpId } from '../made-up.ts'
import type { CallState, View } from '../read.ts'
import { failedLately, isSaid } from '../result.ts'

/** So many messages back a call is still the last one; assumed, and it bounds the search. */
const REACH = 40

/** The newest call in view that came to no error. */
function lastDone(view: View): CallState | undefined {
  if (view.isPrompted) return view.lately().findLast(({ fate }) => fate === 'ok')
  const { entries } = view
  for (let i = entries.length - 1; i >= Math.max(0, entries.length - REACH); i--) {
    const calls = entries[i]?.message.calls ?? []
    for (let j = calls.length - 1; j >= 0; j--) {
      const state = view.calls.get(calls[j]?.id ?? '')
      if (state?.fate === 'ok') return state
    }
  }
  return undefined
}

/** The newest failed call that is not about to be made again anyway. */
const toCorrect = ({ view, usual }: Situation): CallState | undefined =>
  failedLately(view).findLast(({ call }) => !isSaid(usual, call))

export default behaviour({
  of: 'turn',
  params: {
    rate: rate('the last successful call is made again', 0.004),
    afterError: rate('a failed call that has to be corrected is made again as it was', 0.05),
  },
  weight(situation) {
    const { view, thought, params } = situation
    if (thought.kind !== 'act' && thought.kind !== 'answer') return null
    if (toCorrect(situation) !== undefined) return odds(params.afterError ?? 0)
    if (lastFailed(view) || lastDone(view) === undefined) return null
    return odds(params.rate ?? 0)
  },
  apply(utterance, at) {
    const { view, thought } = at
    const before = toCorrect(at) ?? lastDone(view)
    if (before === undefined) return utterance
    const { id, name, args } = before.call
    const known = stepOfCall(id)
    const scope = id.slice(0, id.indexOf('.'))
    const again =
      known === undefined
        ? madeUpId(at)
        : `${scope}.${known.step}.${thought.job}-${thought.step}-${thought.occurrence}`
    return { content: '', calls: [{ id: again, name, args }] }
  },
})
