// Usable recall: the share of needs that were served with the true value. Present in the window is not
// enough, and stale is not true. The needs are those of the instance, a step's need counted once: a
// harness that never gets to a step did not serve it, or giving up would look like a good memory. What an
// effect shows to be true was served, whoever made it.
import { toldOf } from '../sim/effects.ts'
import {
  fill,
  type Instance,
  jobOf,
  type Origin,
  readBack,
  type Step,
  type TraceEvent,
} from '../sim/index.ts'
import { Truths } from '../sim/truths.ts'
import type { MeasuredRun } from './metric.ts'
import { originOf, tasksOf } from './tasks.ts'

const keyOf = (job: string, step: string, fact: string): string => JSON.stringify([job, step, fact])

/** In [0, 1], over needs of this origin, or of all; null where there are none. */
export function recall({ instance, trace }: MeasuredRun, origin?: Origin): number | null {
  if (trace.length === 0) return null
  const service = new Service(instance)
  for (const event of trace) service.add(event)
  const needs = needsOf(instance, (job, step) => service.isPlanned(job, step)).filter(
    ({ fact }) => origin === undefined || originOf(instance, fact) === origin,
  )
  if (needs.length === 0) return null
  return needs.filter(({ key }) => service.isServed(key)).length / needs.length
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

class Service {
  readonly #truths: Truths
  readonly #steps: ReadonlyMap<string, readonly Step[]>
  readonly #planned = new Set<string>()
  readonly #served = new Map<string, boolean>()
  /** What the model has settled on, as it first said it. */
  readonly #chosen = new Map<string, string>()

  constructor(instance: Instance) {
    this.#truths = new Truths(instance)
    this.#steps = new Map(tasksOf(instance).map(({ job, program }) => [job, program.steps]))
  }

  isPlanned(job: string, step: string): boolean {
    return this.#planned.has(keyOf(job, step, ''))
  }

  isServed(key: string): boolean {
    return this.#served.get(key) ?? false
  }

  add(event: TraceEvent): void {
    if (event.kind === 'plan') {
      this.#planned.add(keyOf(event.job, event.step, ''))
      // The last word on a need counts: it was missed and then made up, or asked for and then told.
      for (const { fact, value } of event.needs)
        this.#served.set(keyOf(event.job, event.step, fact), this.#isTrue(event.job, fact, value))
    } else if (event.kind === 'effect') this.#shown(event)
    this.#truths.add(event)
  }

  /** A step that the world shows to be done as it should be had all that it shows. */
  #shown({ session, op, key, value }: Extract<TraceEvent, { kind: 'effect' }>): void {
    const job = jobOf(session)
    for (const { id, call } of this.#steps.get(job) ?? []) {
      const told = call.op === op ? toldOf(call) : undefined
      if (told === undefined) continue
      const on = readBack(told.key, key)
      const says = on && readBack(told.value, value)
      if (on === undefined || says === undefined) continue
      for (const [hole, text] of [...on, ...says])
        for (const fact of this.#factsIn(job, hole, text))
          this.#served.set(keyOf(job, id, fact), true)
    }
  }

  /** The facts that a hole shows to be true: a sum that is right shows all its terms. */
  #factsIn(job: string, hole: string, text: string): string[] {
    if (!hole.startsWith('=')) return this.#isTrue(job, hole, text) ? [hole] : []
    const value = (fact: string): string => this.#truths.now(fact) ?? ''
    const isRight = text === fill(`{${hole}}`, { value, place: () => '' })
    return isRight ? hole.slice(1).split('+') : []
  }

  /** Whether this is the true value now. What a model makes up is true as long as it keeps to it. */
  #isTrue(job: string, fact: string, value: string): boolean {
    if (value === '') return false
    const known = this.#truths.now(fact)
    if (known !== undefined) return value === known
    const chosen = `${job} ${fact}`
    const first = this.#chosen.get(chosen) ?? value
    this.#chosen.set(chosen, first)
    return value === first
  }
}
