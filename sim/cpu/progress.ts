// Progress: a task in view, and how far the view shows it as done.
import { isDone, type Since } from './done.ts'
import { factsOf, type Step } from './program.ts'
import type { View } from './read.ts'

export interface Task extends Since {
  /** Its own among the atoms of the window: one message can hold several tasks. An order is one by name. */
  readonly n: number | string
}

export interface Known {
  readonly removals: number
  /** The oldest tasks of the view that are all done: so many. */
  tasks: number
  /** By the task's own place: how many of its steps are done, from the first. */
  readonly steps: Map<Task['n'], number>
  /** By `name=job`: where the window first asks for it; and of how many tasks that is known. */
  readonly firsts: Map<string, number>
  indexed: number
}

/** Of one view: what was seen done stays done until something leaves it, and a long chat is not read again. */
export class Progress {
  #known: Known | undefined

  of(view: View): Known {
    if (this.#known?.removals === view.removals) return this.#known
    this.#known = {
      removals: view.removals,
      tasks: 0,
      steps: new Map(),
      firsts: new Map(),
      indexed: 0,
    }
    return this.#known
  }
}

/** A look whose facts served all that need them, plainly: nobody looks up again what is written down already. */
function isServed(view: View, { program, job, since }: Task, { effect, learns }: Step): boolean {
  if (effect !== 'read' || factsOf(program.answer).some((name) => learns?.includes(name)))
    return false
  const needing = program.steps.filter(({ needs }) => needs.some((name) => learns?.includes(name)))
  return needing.length > 0 && needing.every((step) => view.shows(job, step.id, since))
}

/** The first step that is left to do; looked for from where it was found last. */
export function nextStep(view: View, task: Task, known: Known): Step | undefined {
  const { steps } = task.program
  const isLeft = (step: Step): boolean => !isDone(view, task, step) && !isServed(view, task, step)
  let i = known.steps.get(task.n) ?? 0
  for (let step = steps[i]; step !== undefined && !isLeft(step); step = steps[i]) i++
  known.steps.set(task.n, i)
  return steps[i]
}
