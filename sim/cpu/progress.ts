// Progress: a task in view, and how far the view shows it as done.
import { isDone, type Since } from './done.ts'
import type { Step } from './program.ts'
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

/** The first step that is not done; looked for from where it was found last. */
export function nextStep(view: View, task: Task, known: Known): Step | undefined {
  const { steps } = task.program
  let i = known.steps.get(task.n) ?? 0
  for (let step = steps[i]; step !== undefined && isDone(view, task, step); step = steps[i]) i++
  known.steps.set(task.n, i)
  return steps[i]
}
