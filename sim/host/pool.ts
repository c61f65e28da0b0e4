// Runs items on worker threads and survives what they do: a worker that shows no progress is ended, one
// that ran out of memory or left is replaced, and each costs the item it was at, no other.
import { availableParallelism } from 'node:os'
import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import { Piscina } from 'piscina'

/** Real milliseconds between two looks at a worker's progress. */
const LOOK_MS = 250
/** Real milliseconds that a worker may take to its first sign of life: threads start slowly under load. */
const START_MS = 60_000

/** What a worker is handed; `progress` counts what it gets done, its start included. */
export interface Batch<T> {
  readonly items: readonly T[]
  readonly port: MessagePort
  readonly progress: Int32Array
}

/** What a worker posts for each item. After `retire` it waits to be ended, and does no further item. */
export interface Done<R> {
  readonly result: R
  readonly retire: boolean
}

export interface PoolOptions {
  /** The compiled module whose default export takes a batch. */
  readonly script: string
  readonly workers: number
  /** Real milliseconds without progress after which a worker is ended. */
  readonly hangMs: number
  /** Old-generation heap of a worker, in MiB. */
  readonly memoryMb: number
}

export type Loss = 'hung' | 'out of memory' | 'left the process' | `ended its thread: ${string}`

export interface Listener<T, R> {
  /** Asked before an item is handed out: true where it is not wanted any more. */
  skip?(item: T): boolean
  done(item: T, result: R): void
  lost(item: T, loss: Loss): void
}

export interface Pool<T, R> {
  /** Every item that is not skipped gives one call of `done` or of `lost`. */
  run(items: readonly T[], on: Listener<T, R>): Promise<void>
  close(): Promise<void>
}

/** Items a worker is handed at once: enough that handing over costs little, few enough to share evenly. */
const BATCH = 4

export const cores = (): number => availableParallelism()

export function pool<T, R>(of: PoolOptions): Pool<T, R> {
  const piscina = new Piscina({
    filename: of.script,
    minThreads: of.workers,
    maxThreads: of.workers,
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: of.memoryMb },
  })
  return {
    async run(items, on) {
      const waiting = [...items]
      const lane = async (): Promise<void> => {
        while (waiting.length > 0) {
          const share = Math.max(1, Math.min(BATCH, Math.ceil(waiting.length / of.workers)))
          const batch = waiting.splice(0, share).filter((item) => on.skip?.(item) !== true)
          if (batch.length > 0) waiting.unshift(...(await attempt(piscina, of, batch, on)))
        }
      }
      await Promise.all(Array.from({ length: of.workers }, lane))
    },
    close: () => piscina.destroy(),
  }
}

/** Hands a batch to a worker. Resolves to the items that it did not come to. */
async function attempt<T, R>(
  piscina: Piscina,
  { hangMs }: PoolOptions,
  items: readonly T[],
  on: Listener<T, R>,
): Promise<readonly T[]> {
  const { port1: near, port2: port } = new MessageChannel()
  const progress = new Int32Array(new SharedArrayBuffer(4))
  const end = new AbortController()
  let at = 0
  let retired = false
  const take = (done: Done<R>): void => {
    on.done(items[at++] as T, done.result)
    if (!done.retire) return
    retired = true
    end.abort()
  }
  near.on('message', take)
  let seen = -1
  let stillMs = 0
  const watch = setInterval(() => {
    const now = Atomics.load(progress, 0)
    stillMs = now === seen ? stillMs + LOOK_MS : 0
    seen = now
    if (stillMs >= (now === 0 ? START_MS : hangMs)) end.abort()
  }, LOOK_MS)
  try {
    const batch: Batch<T> = { items, port, progress }
    await piscina.run(batch, { transferList: [port], signal: end.signal })
    drain(near, take)
    return items.slice(at)
  } catch (thrown) {
    drain(near, take)
    if (retired) return items.slice(at)
    const lost = items[at]
    if (lost === undefined) return []
    on.lost(lost, lossOf(thrown, end.signal.aborted))
    return items.slice(at + 1)
  } finally {
    clearInterval(watch)
    near.close()
  }
}

/** What was posted before the end and not heard yet. */
function drain<R>(near: MessagePort, take: (done: Done<R>) => void): void {
  near.off('message', take)
  for (;;) {
    const heard = receiveMessageOnPort(near) as { message: Done<R> } | undefined
    if (heard === undefined) return
    take(heard.message)
  }
}

/** Whatever ended the thread, it was at this item: the others go on without it. */
function lossOf(thrown: unknown, ended: boolean): Loss {
  if (ended) return 'hung'
  const code = (thrown as { code?: string } | null)?.code
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return 'out of memory'
  const text = thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : String(thrown)
  if (/worker.*(exit|terminat|stopped)/i.test(text)) return 'left the process'
  return `ended its thread: ${text.slice(0, 200)}`
}
