// Usable recall: the share of needs that were served with the true value. Present in the window is not
// enough, and stale is not true. The needs are those of the instance, a step's need counted once: a
// harness that never gets to a step did not serve it, or giving up would look like a good memory.
import type { Instance, Origin } from '../sim/index.ts'
import type { MeasuredRun } from './metric.ts'
import { originOf, tasksOf } from './tasks.ts'

const keyOf = (job: string, step: string, fact: string): string => JSON.stringify([job, step, fact])

/** In [0, 1], over needs of this origin, or of all; null where there are none. */
export function recall({ instance, trace }: MeasuredRun, origin?: Origin): number | null {
  const isTrue = truthIn(instance)
  const planned = new Set<string>()
  const served = new Map<string, boolean>()
  for (const event of trace) {
    if (event.kind === 'effect' && event.op === 'files.write') isTrue.written(event.key)
    if (event.kind !== 'plan') continue
    planned.add(keyOf(event.job, event.step, ''))
    // The last word on a need counts: it was missed and then made up, or asked for and then told.
    for (const { fact, value } of event.needs)
      served.set(keyOf(event.job, event.step, fact), isTrue.is(event.job, fact, value))
  }
  if (trace.length === 0) return null
  const needs = needsOf(instance, (job, step) => planned.has(keyOf(job, step, ''))).filter(
    ({ fact }) => origin === undefined || originOf(instance, fact) === origin,
  )
  return needs.length === 0
    ? null
    : needs.filter(({ key }) => served.get(key)).length / needs.length
}

/** Of every step but those that were rightly skipped, since what they teach was in view. */
function needsOf(
  instance: Instance,
  isPlanned: (job: string, step: string) => boolean,
): { key: string; fact: string }[] {
  return tasksOf(instance).flatMap(({ job, program }) =>
    program.steps
      .filter(({ id, learns }) => learns === undefined || isPlanned(job, id))
      .flatMap(({ id, needs }) =>
        needs
          .filter((need) => !need.startsWith('@'))
          .map((fact) => ({ key: keyOf(job, id, fact), fact })),
      ),
  )
}

interface Truthful {
  written(path: string): void
  /** Whether this is the true value now. What a model makes up is true as long as it keeps to it. */
  is(job: string, fact: string, value: string): boolean
}

function truthIn({ truths }: Instance): Truthful {
  const written = new Set<string>()
  const chosen = new Map<string, string>()
  return {
    written: (path) => void written.add(path),
    is(job, fact, value) {
      if (value === '') return false
      const known = truths[fact]?.values.findLast(
        ({ afterWriteOf }) => afterWriteOf === undefined || written.has(afterWriteOf),
      )
      if (known !== undefined) return value === known.value
      const first = chosen.get(`${job} ${fact}`) ?? value
      chosen.set(`${job} ${fact}`, first)
      return value === first
    },
  }
}
