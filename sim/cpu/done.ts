// Done: what the window shows of a step. By the id of its call, where it came to no error; by a `done`
// atom; because all that it teaches is in view; or, where a harness gives calls ids of its own, by their
// arguments as far as they are known.
import { fill, type Program, type Step } from './program.ts'
import type { CallState, Occurrence, View } from './read.ts'

export interface Since {
  readonly program: Program
  readonly job: string
  /** The place in the window from which on its steps count as done. */
  readonly since: number
}

/** The values of a step's arguments, where every fact and place in them stood in view before a message. */
function knownArguments(view: View, job: string, step: Step, seq: number): string[] {
  const told = (kind: string, name: string): Occurrence | undefined =>
    view.atoms.get(`${kind}:${name}`)?.findLast(({ entry }) => entry.seq < seq)
  const values: string[] = []
  for (const template of Object.values(step.call.args)) {
    let isKnown = true
    const look = (value: string | undefined): string => {
      isKnown &&= value !== undefined
      return value ?? ''
    }
    const text = fill(template, {
      value: (name) =>
        name === 'job' ? job : look((told('fact', name) ?? told('choice', name))?.value),
      place: (name) => look(told('place', name)?.value),
    })
    if (isKnown && text !== '') values.push(text)
  }
  return values
}

function valuesIn(args: string): unknown[] {
  try {
    return Object.values(JSON.parse(args))
  } catch {
    return []
  }
}

/** Whether a call is a step's by its arguments, as far as these were known when it was made. */
export function isOfStep(view: View, job: string, step: Step, { call, seq }: CallState): boolean {
  const given = valuesIn(call.args)
  if (given.length !== Object.keys(step.call.args).length) return false
  const wanted = knownArguments(view, job, step, seq)
  return wanted.length > 0 && wanted.every((value) => given.includes(value))
}

const isSameCall = ({ call: a }: Step, { call: b }: Step): boolean =>
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
  return false
}

export function isDone(view: View, task: Since, step: Step): boolean {
  const { job, since } = task
  if (view.shows(job, step.id, since)) return true
  const { learns } = step
  if (learns?.every((name) => view.newest('fact', name) !== undefined) === true) return true
  return shownByArguments(view, task, step)
}
