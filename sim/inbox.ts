// The jobs that one boot sees: those that arrived and are not answered, each once a boot.
import type { Job } from './index.ts'

export class Inbox implements AsyncIterable<Job> {
  #arrived: Job[] = []
  #waiting: ((next: IteratorResult<Job>) => void)[] = []
  #closed = false

  deliver(job: Job): void {
    const waiter = this.#waiting.shift()
    if (waiter === undefined) this.#arrived.push(job)
    else waiter({ done: false, value: job })
  }

  /** No more will come: whoever waits is told so. */
  close(): void {
    this.#closed = true
    for (const waiter of this.#waiting.splice(0)) waiter({ done: true, value: undefined })
  }

  /** After a crash nobody is told anything. */
  revoke(): void {
    this.#waiting = []
    this.#arrived = []
  }

  [Symbol.asyncIterator](): AsyncIterator<Job> {
    return {
      next: () => {
        const job = this.#arrived.shift()
        if (job !== undefined) return Promise.resolve({ done: false, value: job })
        if (this.#closed) return Promise.resolve({ done: true, value: undefined })
        return new Promise((resolve) => this.#waiting.push(resolve))
      },
    }
  }
}
