// Plan: the next step of the newest task in view that the view does not show as done.
import { isDone, type Since } from './done.ts'
import { type Mind, Planner, type Scope, still } from './planner.ts'
import { fill, type Step } from './program.ts'
import type { View } from './read.ts'
import type { Thought } from './thought.ts'

export interface Task extends Since {
  /** Its own among the atoms of the window: one message can hold several tasks. */
  readonly n: number
}

/** The task at a place among those in view, if it belongs to a known program. */
function taskAt(view: View, place: number, programs: Mind['programs']): Task | undefined {
  const found = view.tasks[place]
  const program = found && programs.get(found.name)
  if (found === undefined || program === undefined) return undefined
  return { program, job: found.value, since: found.entry.seq, n: found.n }
}

/** The first step that is not done; looked for from where it was found last. */
function nextStep(view: View, task: Task, known: Known): Step | undefined {
  const { steps } = task.program
  let i = known.steps.get(task.n) ?? 0
  for (let step = steps[i]; step !== undefined && isDone(view, task, step); step = steps[i]) i++
  known.steps.set(task.n, i)
  return steps[i]
}

/** The newest task that is not done, and its next step; else the newest task of all. */
export function currentTask(
  view: View,
  programs: Mind['programs'],
  progress: Progress,
): { task: Task; step: Step | undefined } | undefined {
  const known = progress.of(view)
  let newest: Task | undefined
  for (let i = view.tasks.length - 1; i >= 0; i--) {
    if (newest !== undefined && i < known.tasks) break
    const task = taskAt(view, i, programs)
    if (task === undefined) continue
    newest ??= task
    const step = nextStep(view, task, known)
    if (step !== undefined) return { task, step }
  }
  known.tasks = view.tasks.length
  return newest && { task: newest, step: undefined }
}

interface Known {
  readonly removals: number
  /** The oldest tasks of the view that are all done: so many. */
  tasks: number
  /** By the task's own place: how many of its steps are done, from the first. */
  readonly steps: Map<number, number>
}

/** What was seen done stays done until something leaves the window: so a long chat is not read again. */
export class Progress {
  #known = new WeakMap<View, Known>()

  of(view: View): Known {
    const known = this.#known.get(view)
    if (known?.removals === view.removals) return known
    const fresh: Known = { removals: view.removals, tasks: 0, steps: new Map() }
    this.#known.set(view, fresh)
    return fresh
  }
}

export function plan(view: View, mind: Mind, scope: Scope, progress: Progress): Thought {
  const current = currentTask(view, mind.programs, progress)
  if (current === undefined) {
    const says = 'I do not see a task here. What would you like me to do?'
    return {
      ...still('idle', '', 'none', says),
      occurrence: scope.occurrence(scope.of(''), 'none'),
    }
  }
  const { task, step } = current
  const { job, program } = task
  const at = scope.of(job)
  if (step === undefined) {
    const known = {
      value: (name: string) => view.newest('fact', name)?.value ?? '',
      place: () => '',
    }
    const says = fill(program.answer, {
      ...known,
      value: (n) => (n === 'job' ? job : known.value(n)),
    })
    return { ...still('answer', job, 'answer', says), occurrence: scope.occurrence(at, 'answer') }
  }
  return new Planner({ view, mind, scope, task }).thought(step)
}
