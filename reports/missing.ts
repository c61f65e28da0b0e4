// What is missing of a job: deeds that it had to do and that no effect shows. By what they act on: a file
// with wrong words in it is there, and so is a payment of a wrong amount.
import {
  type CallTemplate,
  callsOf,
  type Instance,
  readBack,
  type TraceEvent,
  WORLD,
} from '../sim/index.ts'
import { stoodIn } from '../sim/stood.ts'
import { type Deed, deedsIn, keyOf } from './deeds.ts'
import type { MeasuredRun } from './metric.ts'

export type Effect = Extract<TraceEvent, { kind: 'effect' }>

/** What was done and came to stand, but for the world's own moves. */
export const effectsIn = (trace: readonly TraceEvent[]): Effect[] =>
  stoodIn(trace).filter(
    (event): event is Effect => event.kind === 'effect' && event.session !== WORLD,
  )

/**
 * Whether a text may have come of a template: every true value of a fact, anything for what is not known, and
 * for a template that is not there.
 */
export function fits(
  template: string | undefined,
  text: string,
  job: string,
  { truths }: Pick<Instance, 'truths'>,
): boolean {
  if (template === undefined) return true
  const holes = readBack(template, text)
  return [...(holes ?? [['', undefined]])].every(([hole, value]) => {
    if (value === undefined) return false
    if (hole === 'job') return value === job
    const values = truths[hole]?.values
    return values === undefined || values.some((known) => known.value === value)
  })
}

/** What tells an effect from others of its kind, in the arguments' own names. */
export function marksOf({ op, key, value }: Effect): Readonly<Record<string, string>> {
  const cut = (mark: string): [string, string] => {
    const at = value.indexOf(mark)
    return at < 0 ? [value, ''] : [value.slice(0, at), value.slice(at + mark.length)]
  }
  if (op === 'payments.pay') return { payee: key, reference: cut(' ')[1] }
  if (op === 'mail.send') return { to: key, subject: cut('\n')[0] }
  return { path: key }
}

/** Operations whose effects tell what they were. */
const TELLING: ReadonlySet<string> = new Set(['files.write', 'payments.pay', 'mail.send'])

/** What a tool of some world can do; its effects do not tell. */
const UNTOLD = /^(?:shell|web|memory|agents|files|mail|payments)\./

/** Undefined where nobody can tell; what no world has a tool for was never done. */
function leftBy(
  { op, args }: CallTemplate,
  job: string,
  instance: Instance,
  effects: readonly Effect[],
): boolean | undefined {
  if (!TELLING.has(op)) return UNTOLD.test(op) ? undefined : false
  return effects.some(
    (effect) =>
      effect.op === op &&
      Object.entries(marksOf(effect)).every(([name, text]) =>
        fits(args[name], text, job, instance),
      ),
  )
}

/** Whether a deed is required and these effects do not show it, in any of its ways. */
function isMissing(deed: Deed, instance: Instance, effects: readonly Effect[]): boolean {
  const { job, step, isRequired } = deed
  if (!isRequired) return false
  const ways = callsOf(step).map((call) => leftBy(call, job, instance, effects))
  return !ways.includes(undefined) && !ways.includes(true)
}

/** Whether something is missing of a job at the end of this trace, which may be the beginning of a longer one. */
export function isOpen(job: string, instance: Instance, trace: readonly TraceEvent[]): boolean {
  const effects = effectsIn(trace)
  return deedsIn(instance, trace, job).some((deed) => isMissing(deed, instance, effects))
}

/** What is missing in the end, as `job/step`: a file has to be there still. */
export function missingIn({ instance, trace, after }: MeasuredRun): string[] {
  const there = effectsIn(trace).filter(
    ({ op, key }) => op !== 'files.write' || after.files[key] !== undefined,
  )
  return deedsIn(instance, trace)
    .filter((deed) => isMissing(deed, instance, there))
    .map(keyOf)
}
