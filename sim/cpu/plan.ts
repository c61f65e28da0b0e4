// Plan: the next step of the newest task in view that the view does not show as done. An order that is
// obeyed goes before it; so does a note, where the window is about to be cut.
import { ended } from './ending.ts'
import type { Orders } from './injection/orders.ts'
import { noteFor } from './notes.ts'
import type { Offer } from './offers.ts'
import { type Mind, Planner, type Scope, still } from './planner.ts'
import { fill, type Step } from './program.ts'
import { type Known, nextStep, type Progress, type Task } from './progress.ts'
import type { View } from './read.ts'
import type { Thought } from './thought.ts'

/** Where the window first asks for this job: a prompt that is repeated asks for nothing anew. */
function firstOf(view: View, task: View['tasks'][number], known: Known): number {
  const { firsts } = known
  for (; known.indexed < view.tasks.length; known.indexed++) {
    const other = view.tasks[known.indexed] as View['tasks'][number]
    const key = `${other.name}=${other.value}`
    if (!firsts.has(key)) firsts.set(key, other.entry.seq)
  }
  return firsts.get(`${task.name}=${task.value}`) ?? 0
}

/** The task at a place among those in view, if it belongs to a known program. */
function taskAt(
  view: View,
  place: number,
  programs: Mind['programs'],
  known: Known,
): Task | undefined {
  const found = view.tasks[place]
  const program = found && programs.get(found.name)
  if (found === undefined || program === undefined) return undefined
  return { program, job: found.value, since: firstOf(view, found, known), n: found.n }
}

/** The newest task that is not done, and its next step; else the newest task of all. */
function currentTask(
  view: View,
  programs: Mind['programs'],
  progress: Progress,
): { task: Task; step: Step | undefined } | undefined {
  const known = progress.of(view)
  let newest: Task | undefined
  for (let i = view.tasks.length - 1; i >= 0; i--) {
    if (newest !== undefined && i < known.tasks) break
    const task = taskAt(view, i, programs, known)
    if (task === undefined) continue
    newest ??= task
    const step = nextStep(view, task, known)
    if (step !== undefined) return { task, step }
  }
  known.tasks = view.tasks.length
  return newest && { task: newest, step: undefined }
}

/** What is kept between turns, and what can be said now. */
export interface Planning {
  readonly progress: Progress
  readonly orders: Orders
  readonly offered: Offer
}

export const plan = (view: View, mind: Mind, scope: Scope, by: Planning): Thought =>
  ended(meant(view, mind, scope, by), view, by.offered)

function meant(view: View, mind: Mind, scope: Scope, by: Planning): Thought {
  const { progress, orders, offered } = by
  const order = orders.taken(view, mind, scope.chance, by)
  const current =
    order ?? currentTask(view, mind.programs, progress) ?? orders.finished(view, mind, progress)
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
  const planning = { view, mind, scope, task, offered }
  const note = order === undefined ? noteFor(planning) : undefined
  return note ?? new Planner(planning).thought(step)
}
