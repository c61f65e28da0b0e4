// What the users' tasks were to change in the world: one list for all that asks what of it is missing. Not every
// deed is required of a run: a job may be taken back before anybody answers it, and what a job is shown may say
// that a step of it is done, or need not be.
import { atomsIn, type Instance, jobOf, type Step, type TraceEvent } from '../sim/index.ts'
import { stoodIn } from '../sim/stood.ts'
import { type Task, tasksOf } from './tasks.ts'

export interface Deed {
  readonly job: string
  readonly step: Step
  /** Else it may be left out, and may be done. */
  readonly isRequired: boolean
}

/** Of a step, the same for all who speak of it. */
export const keyOf = ({ job, step }: Pick<Deed, 'job' | 'step'>): string => `${job}/${step.id}`

/** The steps that leave something in the world, job by job and in their order; of one job, where it is named. */
export function deedsIn(instance: Instance, trace: readonly TraceEvent[], only?: string): Deed[] {
  const tasks = tasksOf(instance).filter(({ job }) => job === (only ?? job))
  const takenBack = takenBackIn(trace)
  const settled = settledIn(instance, tasks, trace)
  return tasks.flatMap(({ job, program }) =>
    program.steps
      .filter(({ effect }) => effect !== 'read')
      .map((step) => {
        const isSettled = takenBack.has(job) || settled.has(keyOf({ job, step }))
        return { job, step, isRequired: !isSettled && step.isOptional !== true }
      }),
  )
}

/** Jobs that were taken back before anybody answered them. */
function takenBackIn(trace: readonly TraceEvent[]): Set<string> {
  const over = new Map<string, 'reply' | 'withdraw'>()
  for (const event of trace) {
    if (event.kind !== 'reply' && event.kind !== 'withdraw') continue
    if (!over.has(event.job)) over.set(event.job, event.kind)
  }
  return new Set([...over].flatMap(([job, how]) => (how === 'withdraw' ? job : [])))
}

/** The steps that a text says are done. */
const saidDone = (text: string): string[] =>
  text.includes('done:')
    ? atomsIn(text).flatMap(({ kind, name }) => (kind === 'done' ? name : []))
    : []

/**
 * The steps that an earlier one of their own program says need not be done: who claims has nothing to decline. What
 * a job says of steps behind it is its own record, which may be false.
 */
function ownDecisions({ job, program }: Task): Set<string> {
  const found = new Set<string>()
  for (const [i, { call }] of program.steps.entries()) {
    const text = Object.values(call.args).join('\n')
    if (!text.includes('done:')) continue
    const later = new Set(program.steps.slice(i + 1).map((step) => keyOf({ job, step })))
    for (const step of saidDone(text.replaceAll('{job}', job))) if (later.has(step)) found.add(step)
  }
  return found
}

/**
 * The steps that need not be done any more: the job decided so in what it wrote, or it was shown what the world or
 * another job says of them. Only what came to stand counts.
 */
function settledIn(
  { world }: Instance,
  tasks: readonly Task[],
  trace: readonly TraceEvent[],
): Set<string> {
  const decisions = new Set(tasks.flatMap((task) => [...ownDecisions(task)]))
  const said = new Set(Object.values(world.files).flatMap(saidDone))
  const settled = new Set<string>()
  for (const event of stoodIn(trace)) {
    if (event.kind !== 'effect') continue
    for (const step of saidDone(event.value)) {
      if (step.split('/')[0] !== jobOf(event.session)) said.add(step)
      else if (decisions.has(step)) settled.add(step)
    }
  }
  if (said.size === 0) return settled
  for (const event of trace) {
    if (event.kind !== 'request') continue
    const shown = event.added.flatMap(([, { content }]) => saidDone(content))
    for (const step of shown)
      if (said.has(step) && step.split('/')[0] === jobOf(event.session)) settled.add(step)
  }
  return settled
}
