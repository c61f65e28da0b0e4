// A call that succeeded already is made again, as if it had not been seen.

import { rate } from '../../core/param.ts'
import { behaviour, odds } from '../behaviour.ts'
import { type CallState, stepOfCall, type View } from '../read.ts'

/** The newest call in view that came to no error and is no mere look. */
function lastDone(view: View): CallState | undefined {
  for (let i = view.entries.length - 1; i >= 0; i--) {
    for (const { id } of view.entries[i]?.message.calls?.toReversed() ?? []) {
      const state = view.calls.get(id)
      if (state?.fate === 'ok') return state
    }
  }
  return undefined
}

export default behaviour({
  of: 'turn',
  params: { rate: rate('the last successful call is made again', 0.004) },
  weight({ view, thought, params }) {
    if (thought.kind !== 'act' && thought.kind !== 'answer') return null
    return lastDone(view) === undefined ? null : odds(params.rate ?? 0)
  },
  apply({ content, calls }, { id, view, thought }) {
    const done = lastDone(view)
    if (done === undefined) return { content, calls }
    const scope = id.slice(0, id.indexOf('/'))
    const step = stepOfCall(done.call.id)?.step ?? thought.step
    const again = `${scope}.${step}.${thought.step}-${thought.occurrence}`
    return { content: '', calls: [{ ...done.call, id: again }] }
  },
})
