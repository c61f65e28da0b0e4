// A job as a kernel is given it, and what the run knows of it. Its signal is made when somebody first looks
// at it: most kernels never do, and an AbortController costs as much as several events.
import type { Job } from './index.ts'
import type { JobData } from './instance.ts'

export class GivenJob implements Job {
  readonly id: string
  readonly user: string
  readonly prompt: string
  readonly priority: number
  readonly arrivesMs: number
  readonly deadlineMs: number | undefined
  isWithdrawn = false
  #controller: AbortController | undefined

  constructor({ id, prompt, priority = 0, arrivesMs, deadlineMs }: JobData, user: string) {
    this.id = id
    this.user = user
    this.prompt = prompt
    this.priority = priority
    this.arrivesMs = arrivesMs
    this.deadlineMs = deadlineMs
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    if (this.isWithdrawn) this.#controller.abort()
    return this.#controller.signal
  }

  /** After a crash nobody listens to the old signal any more. */
  renew(): void {
    this.#controller = undefined
  }

  /** The user takes the job back: told by the signal alone, for whoever looks. */
  withdraw(): void {
    this.isWithdrawn = true
    this.#controller?.abort()
  }
}
