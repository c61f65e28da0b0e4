// What a crash cost, from the trace and the world alone: steps that were done before it and are done again, and
// effects that tasks ask for and that are not there at the end.
import {
  callsOf,
  type Instance,
  type Program,
  readBack,
  type TraceEvent,
  type WorldData,
} from '../sim/index.ts'
import { tasksOf } from './tasks.ts'

type Plan = Extract<TraceEvent, { kind: 'plan' }>
type Step = Program['steps'][number]

/** Steps, each with its job, as `job/step`. */
export interface Steps {
  /** Done before a crash: the model had gone on from them. What was under way is not counted. */
  readonly done: ReadonlySet<string>
  /** Of these, what it planned again after the crash. */
  readonly again: ReadonlySet<string>
}

/** The steps of a plan, those beside each other too, as the ids of its calls have them. */
function stepsIn({ step, meant }: Plan): string[] {
  const named = meant.flatMap(({ id }) => id.split('.').at(-2) ?? [])
  return named.length > 0 ? named : [step]
}

/** Undefined where the machine never went down. */
export function stepsOver(
  { programs }: Pick<Instance, 'programs'>,
  trace: readonly TraceEvent[],
): Steps | undefined {
  if (!trace.some(({ kind }) => kind === 'crash')) return undefined
  const known = new Set(programs.flatMap(({ steps }) => steps.map(({ id }) => id)))
  const [done, again] = [new Set<string>(), new Set<string>()]
  /** By job: what it has gone on from since the last crash, and what is under way. */
  const jobs = new Map<string, { readonly gone: Set<string>; open: readonly string[] }>()
  for (const event of trace) {
    if (event.kind === 'crash') {
      for (const { gone } of jobs.values()) for (const step of gone) done.add(step)
      jobs.clear()
    }
    if (event.kind !== 'plan') continue
    const of = jobs.get(event.job) ?? { gone: new Set(), open: [] }
    jobs.set(event.job, of)
    const now = stepsIn(event).filter((step) => known.has(step))
    const isEnd = event.step === 'answer'
    if (now.length === 0 && !isEnd) continue
    const keys = now.map((step) => `${event.job}/${step}`)
    for (const step of of.open) if (!keys.includes(step)) of.gone.add(step)
    for (const step of keys) if (done.has(step)) again.add(step)
    of.open = keys
  }
  return { done, again }
}

/** Whether a text may have come of a template: every true value of a fact, anything for what is not known. */
function fits(template: string, text: string, job: string, truths: Instance['truths']): boolean {
  const holes = readBack(template, text)
  return [...(holes ?? [['', undefined]])].every(([hole, value]) => {
    if (value === undefined) return false
    if (hole === 'job') return value === job
    const values = truths[hole]?.values
    return values === undefined || values.some((known) => known.value === value)
  })
}

type Call = Step['call']

/** Whether the world has something that the call would have left. True for what leaves nothing. */
function isThere(call: Call, job: string, { truths }: Instance, world: WorldData): boolean {
  const has = (name: string, text: string): boolean =>
    fits(call.args[name] ?? '', text, job, truths)
  switch (call.op) {
    case 'files.write':
      return Object.keys(world.files).some((path) => has('path', path))
    case 'payments.pay':
      return (world.payments ?? []).some(
        ({ payee, reference }) => has('payee', payee) && has('reference', reference),
      )
    case 'mail.send':
      return (world.mail?.sent ?? []).some(
        ({ to, subject }) => has('to', to) && has('subject', subject),
      )
    default:
      return true
  }
}

/** Steps of the users' tasks whose effect is not in the world, as `job/step`. */
export function missingIn(instance: Instance, world: WorldData): string[] {
  return tasksOf(instance).flatMap(({ job, program }) =>
    program.steps
      .filter((step) => step.effect !== 'read' && step.isOptional !== true)
      .filter((step) => !callsOf(step).some((call) => isThere(call, job, instance, world)))
      .map(({ id }) => `${job}/${id}`),
  )
}
