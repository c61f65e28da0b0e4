// An older goal is resumed: another task that stands in the window, or the calls of another job. The
// farther back the present task was said last, the likelier (Li et al., Measuring and Controlling
// Instruction (In)Stability, 2024); a harness that says it again keeps the model to it.
import { logit, rate } from '../../core/param.ts'
import { behaviour, odds, type Situation } from '../behaviour.ts'
import { stepOfCall } from '../call-id.ts'
import { madeUpId } from '../made-up.ts'
import type { CallState, View } from '../read.ts'
import type { Thought } from '../thought.ts'

/** Tokens from which on distance counts, in the window for which a profile's lengths hold; assumed. */
const NEAR_TOKENS = 4000
/** So many statements of tasks are looked through, newest first; bounds the search. */
const REACH = 32

/** Another job than that of the thought: the newest with a task in view, else that of the oldest call. */
function otherJob(view: View, job: string): string | undefined {
  const { tasks } = view
  for (let i = tasks.length - 1; i >= Math.max(0, tasks.length - REACH); i--) {
    if (tasks[i]?.value !== job) return tasks[i]?.value
  }
  for (const id of view.calls.keys()) {
    const known = stepOfCall(id)
    return known === undefined || known.job === job ? undefined : known.job
  }
  return undefined
}

/** Tokens since the present task was last said, by whomever; the whole window where it is not there. */
function distanceTo(view: View, job: string): number {
  const task = view.tasks.findLast(({ value }) => value === job)
  if (task === undefined) return view.tokens
  const newest = view.newest('task', task.name)
  return view.distance(newest?.value === job ? newest.entry : task.entry)
}

/** The newest call that was made for another job: by its id, else because it stands before this one. */
function callOf(view: View, { job }: Thought): CallState | undefined {
  const since = view.tasks.find(({ value }) => value === job)?.entry.seq ?? 0
  let found: CallState | undefined
  for (const state of view.calls.values()) {
    const known = stepOfCall(state.call.id)
    const isOther = known === undefined ? state.seq < since : known.job !== job
    if (isOther && state.fate !== 'open') found = state
  }
  return found
}

const isOnTask = ({ kind }: Thought): boolean => kind === 'act' || kind === 'answer'

export default behaviour({
  of: 'turn',
  params: {
    rate: rate('a turn goes back to an older task, where the present one was just said', 0.001),
    distance: logit('for each e-fold of thousands of tokens since the present task was said', 0.5),
  },
  weight({ view, thought, params, scale }: Situation) {
    if (!isOnTask(thought) || otherJob(view, thought.job) === undefined) return null
    const far = Math.log1p(distanceTo(view, thought.job) / (NEAR_TOKENS * scale))
    return odds(params.rate ?? 0) * Math.exp((params.distance ?? 0) * far)
  },
  apply(_utterance, at) {
    const { view, thought } = at
    const content = `Back to ${otherJob(view, thought.job) ?? 'what was asked before'}.`
    const call = callOf(view, thought)?.call
    if (call === undefined) return { content, calls: [] }
    const [scope, step] = call.id.split('.')
    const again = `${scope}.${step}.${thought.job}-${thought.step}-${thought.occurrence}`
    const id = stepOfCall(call.id) === undefined ? madeUpId(at) : again
    return { content, calls: [{ ...call, id }] }
  },
})
