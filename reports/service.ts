// How jobs were served: when each came, when it was done or taken back, and how long its work would take with
// nobody else there. All jobs of an instance count, also those that never came since the run ended before
// them.
import { changesIn } from '../sim/changes.ts'
import { type Instance, jobOf, type TraceEvent } from '../sim/index.ts'
import type { MeasuredRun } from './metric.ts'
import { missingIn } from './missing.ts'
import { tasksOf } from './tasks.ts'

export interface Served {
  readonly job: string
  readonly user: string
  readonly priority: number
  readonly deadlineMs: number | undefined
  /** As the instance has it, where it never came. */
  readonly arrivedMs: number
  /**
   * When it was done: it was answered, nothing changed for it any more, and nothing is missing of it in the end.
   * Undefined where it never was: an answer alone serves nobody.
   */
  readonly doneMs: number | undefined
  readonly withdrawnMs: number | undefined
}

/** A job that nobody does is waited for so long at least: who gives up is not quicker than who is late. */
export const NEVER_MS = 3_600_000

/** Of the profile `typical`: to the first token, and a token. */
const FIRST_TOKEN_MS = 700
const TOKEN_MS = 1000 / 60
const CHARS_PER_TOKEN = 4

/**
 * Virtual milliseconds that a job takes alone: one answer a step of its task and one at the end, at the usual pace,
 * with the pauses that are placed in it. Of the instance alone: no harness makes it longer by what it says.
 */
export function aloneMs(instance: Instance, job: string): number {
  const spoken = tasksOf(instance)
    .filter((task) => task.job === job)
    .flatMap(({ program: { steps, answer } }) => [
      ...steps.map(({ call }) => Object.values(call.args).join('').length),
      answer.length,
    ])
  const pauses = instance.hazards.flatMap(({ id, value }) =>
    id.startsWith(`${job}/`) && id.endsWith('/slow') ? Number(value) : [],
  )
  const answers = spoken.map((chars) => FIRST_TOKEN_MS + (chars / CHARS_PER_TOKEN) * TOKEN_MS)
  return [...answers, ...pauses].reduce((sum, ms) => sum + ms, 0)
}

interface Times {
  arrivedMs?: number
  answeredMs?: number
  withdrawnMs?: number
}

/** By job, when what happened to it; one that came again after a crash counts from the first time. */
function timesIn(trace: readonly TraceEvent[]): Map<string, Times> {
  const times = new Map<string, Times>()
  const of = (job: string): Times => {
    const known = times.get(job) ?? {}
    times.set(job, known)
    return known
  }
  for (const event of trace) {
    const { at } = event
    if (event.kind === 'job') of(event.job).arrivedMs ??= at
    else if (event.kind === 'reply') of(event.job).answeredMs ??= at
    else if (event.kind === 'withdraw') of(event.job).withdrawnMs ??= at
  }
  return times
}

/** All jobs, in the order in which they came; none of an empty trace. */
export function servedIn(run: MeasuredRun): Served[] {
  const { instance, trace } = run
  if (trace.length === 0) return []
  const undone = new Set(missingIn(run).map((deed) => deed.split('/')[0]))
  const times = timesIn(trace)
  const changes = changesIn(instance, trace)
  const served = instance.users.flatMap(({ id: user, jobs }) =>
    jobs.map(({ id: job, priority = 0, deadlineMs, arrivesMs }): Served => {
      const { arrivedMs = arrivesMs, answeredMs, withdrawnMs } = times.get(job) ?? {}
      const changedMs = changes.findLast((change) => change.isFor(job))?.at ?? 0
      const isDone = answeredMs !== undefined && !undone.has(job)
      const doneMs = isDone ? Math.max(answeredMs, changedMs) : undefined
      return { job, user, priority, deadlineMs, arrivedMs, doneMs, withdrawnMs }
    }),
  )
  return served.toSorted((a, b) => a.arrivedMs - b.arrivedMs)
}

/** When nobody waited for a job any more; where somebody still does, an hour after it came at least. */
export function overMs({ arrivedMs, doneMs, withdrawnMs }: Served, endMs: number): number {
  const neverMs = Math.max(endMs, arrivedMs + NEVER_MS)
  return Math.min(doneMs ?? neverMs, withdrawnMs ?? neverMs)
}

export const endOf = (trace: readonly TraceEvent[]): number => trace.at(-1)?.at ?? 0

/** What the sessions of a job did from the moment that its user took it back; null where nobody did. */
export function afterCancel(trace: readonly TraceEvent[]): Cancelled[] | null {
  const found: Cancelled[] = []
  for (const [i, event] of trace.entries()) {
    if (event.kind !== 'withdraw') continue
    const isOwn = (other: TraceEvent): boolean =>
      'session' in other && jobOf(other.session) === event.job
    found.push({
      at: event.at,
      before: trace.slice(0, i).filter(isOwn),
      after: trace.slice(i + 1).filter(isOwn),
    })
  }
  return found.length === 0 ? null : found
}

export interface Cancelled {
  readonly at: number
  readonly before: readonly TraceEvent[]
  readonly after: readonly TraceEvent[]
}
