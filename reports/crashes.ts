// What a crash cost, from the trace alone: steps that were done before it and are done again.
import type { Instance, TraceEvent } from '../sim/index.ts'

type Plan = Extract<TraceEvent, { kind: 'plan' }>

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
