// AIOS: agents are threads, and all their requests to the model go through one queue. It is emptied at an
// interval and what was in it is asked as one batch; the next batch waits until the last answer of this one
// is there, so one long answer holds up everybody.

import { type Completion, type Conversation, part } from '../../kernel.ts'
import { abandoned } from '../../turns/interrupt.ts'
import { atOnce } from '../../turns/slices.ts'

const BATCHES = 'scheduler.batches'

/** The queue of a boot. */
class Batches {
  #queue: (() => Promise<void>)[] = []
  #isDraining = false
  /** When it was last looked at with nothing under way. */
  #idleSinceMs = 0

  ask(
    c: Conversation,
    intervalMs: number,
    generate: () => Promise<Completion>,
  ): Promise<Completion> {
    const { signal } = c
    return new Promise((resolve, reject) => {
      const giveUp = (): void => resolve(abandoned)
      signal?.addEventListener('abort', giveUp, { once: true })
      this.#queue.push(async () => {
        signal?.removeEventListener('abort', giveUp)
        if (signal?.aborted === true) giveUp()
        else await generate().then(resolve, reject)
      })
      if (!this.#isDraining) void this.#drain(c, intervalMs)
    })
  }

  async #drain({ machine: { clock } }: Conversation, intervalMs: number): Promise<void> {
    this.#isDraining = true
    while (this.#queue.length > 0) {
      await clock.sleep(intervalMs - ((clock.now() - this.#idleSinceMs) % intervalMs))
      await Promise.all(this.#queue.splice(0).map((asked) => asked()))
      this.#idleSinceMs = clock.now()
    }
    this.#isDraining = false
  }
}

function batchesOf({ shared }: Conversation): Batches {
  const found = shared.get(BATCHES)
  if (found instanceof Batches) return found
  const batches = new Batches()
  shared.set(BATCHES, batches)
  return batches
}

export default part({
  slot: 'scheduler',
  about: 'all jobs at once; their requests in one queue, asked in batches',
  source:
    'AIOS, aios/scheduler/fifo_scheduler.py (read in source): batch_interval 1.0 s by default, batches one after the other',
  constants: { batchIntervalMs: 1000 },
  policy({ batchIntervalMs }) {
    if (!(batchIntervalMs > 0))
      throw new TypeError(`batchIntervalMs: ${batchIntervalMs} is no interval`)
    return {
      users: 'all',
      serve: atOnce,
      ask: (request, c, next) => batchesOf(c).ask(c, batchIntervalMs, () => next(request)),
    }
  },
})
