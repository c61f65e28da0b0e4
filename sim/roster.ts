// The jobs of a run: which have arrived, which are answered, and how many requests each took.
import { assert } from './core/assert.ts'
import type { UserData } from './instance.ts'
import { GivenJob } from './job.ts'

interface State {
  readonly job: GivenJob
  arrived: boolean
  reply: string | undefined
  requests: number
}

/** The job of a session: `pay-1~2` is of `pay-1`. */
const jobIn = (session: string): string => {
  const tilde = session.indexOf('~')
  return tilde < 0 ? session : session.slice(0, tilde)
}

export class Roster {
  readonly #jobs = new Map<string, State>()
  readonly #forbids = new Map<string, readonly string[]>()
  /** Jobs without an answer. */
  #open = 0

  constructor(users: readonly UserData[]) {
    for (const { id: user, jobs, forbids = [] } of users) {
      this.#forbids.set(user, forbids)
      for (const data of jobs) {
        const job = new GivenJob(data, user)
        this.#jobs.set(data.id, { job, arrived: false, reply: undefined, requests: 0 })
        this.#open++
      }
    }
  }

  get isDone(): boolean {
    return this.#open === 0
  }

  /** @throws {TypeError} for a job that was never given: the kernel's mistake. */
  job(id: string): GivenJob {
    const state = this.#jobs.get(id)
    if (state === undefined) throw new TypeError(`no job '${id}' was given to this kernel`)
    return state.job
  }

  arrive(id: string): GivenJob {
    const state = this.#jobs.get(id)
    assert(state !== undefined, `job ${id} arrives`)
    state.arrived = true
    return state.job
  }

  /** The jobs of these users that arrived and are not answered. */
  *waiting(users: readonly string[]): Iterable<GivenJob> {
    for (const { job, arrived, reply } of this.#jobs.values()) {
      if (arrived && reply === undefined && users.includes(job.user)) yield job
    }
  }

  /** Whether a user of these still waits for an answer, or will. */
  hasOpen(users: readonly string[]): boolean {
    for (const { job, reply } of this.#jobs.values()) {
      if (reply === undefined && users.includes(job.user)) return true
    }
    return false
  }

  /** Whether a question is about what this user says no to. */
  isForbidden(user: string, question: string): boolean {
    return this.#forbids.get(user)?.some((word) => question.includes(word)) === true
  }

  /** The machine went down: whoever is booted next is given the same jobs, with signals of their own. */
  renew(): void {
    for (const { job } of this.#jobs.values()) job.renew()
  }

  /** The first answer counts. */
  answer(id: string, text: string): void {
    const state = this.#jobs.get(id)
    if (state === undefined || state.reply !== undefined) return
    state.reply = text
    this.#open--
  }

  /** Counts a request of a session for its job. */
  request(session: string): number {
    const state = this.#jobs.get(jobIn(session))
    return state === undefined ? 0 : ++state.requests
  }

  /** Requests for the job of a session so far. */
  requestsOf(session: string): number {
    return this.#jobs.get(jobIn(session))?.requests ?? 0
  }

  /** Requests for each job so far. */
  requests(): number[] {
    return [...this.#jobs.values()].map(({ requests }) => requests)
  }
}
