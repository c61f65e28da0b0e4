// What a crash cost, from the trace and the world alone: steps that were done before it and are done again, and
// effects that tasks ask for and that are not there at the end.
import type { Instance, Program, TraceEvent, WorldData } from '../sim/index.ts'
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

const HOLE = /\{(=|@)?([a-z0-9+-]+)\}/g

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** What a template may have become: every true value of a fact, anything for what is not known. */
function filled(template: string, job: string, truths: Instance['truths']): RegExp {
  let pattern = ''
  let from = 0
  for (const match of template.matchAll(HOLE)) {
    const [hole, sort, name = ''] = match
    pattern += literal(template.slice(from, match.index))
    from = match.index + hole.length
    const values = sort === undefined ? (truths[name]?.values ?? []) : []
    const known = name === 'job' ? [job] : values.map(({ value }) => value)
    pattern += known.length === 0 ? '.+' : `(?:${known.map(literal).join('|')})`
  }
  return new RegExp(`^${pattern}${literal(template.slice(from))}$`, 's')
}

type Call = Step['call']

const callsOf = ({ call, ways = [], tempted }: Step): readonly Call[] => [
  call,
  ...ways,
  ...(tempted === undefined ? [] : [tempted]),
]

/** Whether the world has something that the call would have left. True for what leaves nothing. */
function isThere(call: Call, job: string, { truths }: Instance, world: WorldData): boolean {
  const fits = (name: string, text: string): boolean =>
    filled(call.args[name] ?? '', job, truths).test(text)
  switch (call.op) {
    case 'files.write':
      return Object.keys(world.files).some((path) => fits('path', path))
    case 'payments.pay':
      return (world.payments ?? []).some(
        ({ payee, reference }) => fits('payee', payee) && fits('reference', reference),
      )
    case 'mail.send':
      return (world.mail?.sent ?? []).some(
        ({ to, subject }) => fits('to', to) && fits('subject', subject),
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
