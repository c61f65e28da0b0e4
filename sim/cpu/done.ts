// Done: what the window shows of a step. By the id of its call, where it came to no error; by a `done`
// atom; because all that it teaches is in view; or, where a harness gives calls ids of its own, by what
// they say. Either way the model takes what it did for what it was about to do: a slip is done, too.
import { stepOfCall } from './call-id.ts'
import type { Bound } from './dialect.ts'
import type { Program, Step } from './program.ts'
import type { CallState, View } from './read.ts'
import { argumentsIn, isLapseOf, isOfStep } from './whose.ts'

export interface Since {
  readonly program: Program
  readonly job: string
  /** The place in the window from which on its steps count as done. */
  readonly since: number
}

/** Whether a call with these arguments, under a foreign id, came to no error since a place in the window. */
export function wasSaid(view: View, { name, args }: Bound, since: number): boolean {
  const isIn = (given: readonly [string, unknown][]): boolean =>
    Object.entries(args).every(([key, value]) =>
      given.some(([own, other]) => own === key && JSON.stringify(other) === JSON.stringify(value)),
    )
  const states = view.renamed.get(name) ?? []
  return states.some(({ call, seq }) => seq >= since && isIn(argumentsIn(call.args)))
}

/** Whether two steps say the very same. */
export const isSameCall = ({ call: a }: Step, { call: b }: Step): boolean =>
  a.op === b.op && Object.entries(a.args).every(([name, text]) => b.args[name] === text)

/** Whether a call under a foreign id is this step's: the second one, for a step that calls alike again. */
function shownByArguments(view: View, { job, since, program }: Since, step: Step): boolean {
  if (view.renamed.size === 0) return false
  let wanted = 1
  for (const other of program.steps) {
    if (other === step) break
    if (isSameCall(other, step)) wanted++
  }
  for (const states of view.renamed.values()) {
    for (const state of states)
      if (state.seq >= since && isOfStep(view, job, step, state) && --wanted === 0) return true
  }
  return shownByLapse(view, { job, since, program }, step)
}

/** Whether a call that is no step's as it is, or was one's before, is this step's by a slip. */
function shownByLapse(view: View, { job, since, program }: Since, step: Step): boolean {
  const { steps } = program
  const lately = (of: Step, seq = Number.POSITIVE_INFINITY): boolean =>
    [...view.renamed.values()].some((states) =>
      states.some(
        (state) => state.seq >= since && state.seq < seq && isOfStep(view, job, of, state),
      ),
    )
  /** By a step whose own call it is, or that comes before and has none. */
  const isClaimed = (state: CallState): boolean =>
    steps.some((other, i) => {
      if (other === step) return false
      if (isOfStep(view, job, other, state)) return !lately(other, state.seq)
      return i < steps.indexOf(step) && isLapseOf(view, job, other, state) && !lately(other)
    })
  for (const states of view.renamed.values()) {
    for (const state of states)
      if (state.seq >= since && isLapseOf(view, job, step, state) && !isClaimed(state)) return true
  }
  return false
}

export function isDone(view: View, task: Since, step: Step): boolean {
  const { job, since } = task
  if (view.shows(job, step.id, since)) return true
  const { learns } = step
  if (learns?.every((name) => view.newest('fact', name) !== undefined) === true) return true
  if (step.isOptional && failures(view, job, step) >= 1 + (step.ways ?? []).length) return true
  return shownByArguments(view, task, step)
}

/** Calls of a step in view that came to an error: by their ids, else by what they say. */
export function failures(view: View, job: string, step: Step): number {
  let count = 0
  if (view.failed === 0) return count
  for (const [id, state] of view.calls) {
    if (state.fate !== 'error') continue
    const named = stepOfCall(id)
    const isOwn = named?.job === job && named.step === step.id
    const isLike = (): boolean =>
      isOfStep(view, job, step, state) || isLapseOf(view, job, step, state)
    if (isOwn || (named === undefined && isLike())) count++
  }
  return count
}
