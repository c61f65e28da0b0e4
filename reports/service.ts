// How jobs were served: when each came, when it was answered or taken back, and how long its work would take with
// nobody else there.
import { type Instance, jobOf, type TraceEvent } from '../sim/index.ts'
import { tasksOf } from './tasks.ts'

export interface Served {
  readonly job: string
  readonly user: string
  readonly arrivedMs: number
  /** When it was first answered, and nothing changed for it any more; undefined where it never was. */
  readonly answeredMs: number | undefined
  readonly withdrawnMs: number | undefined
}

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

/** All jobs that came, in that order; one that came again after a crash counts from the first time. */
export function servedIn(trace: readonly TraceEvent[]): Served[] {
  const jobs = new Map<string, { -readonly [K in keyof Served]: Served[K] }>()
  for (const event of trace) {
    const { at } = event
    if (event.kind === 'job') {
      const { job, user } = event
      const fresh = { job, user, arrivedMs: at, answeredMs: undefined, withdrawnMs: undefined }
      if (!jobs.has(job)) jobs.set(job, fresh)
    } else if (event.kind === 'reply' || event.kind === 'withdraw') {
      const own = jobs.get(event.job)
      if (own === undefined) continue
      if (event.kind === 'reply') own.answeredMs ??= at
      else own.withdrawnMs ??= at
    } else if (event.kind === 'effect') {
      const own = jobs.get(jobOf(event.session))
      if (own?.answeredMs !== undefined) own.answeredMs = Math.max(own.answeredMs, at)
    }
  }
  return [...jobs.values()]
}

/** When nobody waited for a job any more; the end of the trace where somebody still does. */
export const overMs = ({ answeredMs, withdrawnMs }: Served, endMs: number): number =>
  Math.min(answeredMs ?? endMs, withdrawnMs ?? endMs)

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
