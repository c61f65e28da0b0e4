// Runs items on worker threads and survives what they do: a worker that shows no progress is ended, one
// that ran out of memory or left is replaced, and each costs the item it was at, no other.
import { availableParallelism } from 'node:os'
import { getHeapStatistics } from 'node:v8'
import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import { Piscina } from 'piscina'
import { MemoryBound } from './memory.ts'

/** Real milliseconds between two looks at what the workers do. */
const LOOK_MS = 100
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
  /** MiB that one worker may take beyond its share; heap and buffers alike. */
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
/** MiB of a worker that does its work. */
const SHARE_MB = 160
const MIB = 2 ** 20
/**
 * Times the permitted memory at which V8 ends a worker. It ends the whole process where a single large
 * array goes past that, so it is to be far off: whoever takes too much is ended by our own looking.
 */
const HEADROOM = 6

export const cores = (): number => availableParallelism()

/** A worker at a batch. */
interface Lane {
  readonly progress: Int32Array
  seen: number
  stillMs: number
  end(loss: Loss): void
}

/** Memory of the process but for the heap of this thread. */
const takenBytes = (): number => process.memoryUsage.rss() - getHeapStatistics().total_heap_size

/** Looks at the lanes, and ends those that hang; where memory runs out, the one that was still longest. */
function watch(lanes: ReadonlySet<Lane>, { hangMs, memoryMb, workers }: PoolOptions): () => void {
  const mostBytes = takenBytes() + (workers * SHARE_MB + memoryMb) * MIB
  const memory = new MemoryBound(mostBytes, memoryMb * MIB)
  const timer = setInterval(() => {
    let stillest: Lane | undefined
    for (const lane of lanes) {
      const now = Atomics.load(lane.progress, 0)
      lane.stillMs = now === lane.seen ? lane.stillMs + LOOK_MS : 0
      lane.seen = now
      if (lane.stillMs >= (now === 0 ? START_MS : hangMs)) lane.end('hung')
      if (now > 0 && lane.stillMs > (stillest?.stillMs ?? 0)) stillest = lane
    }
    if (!memory.isPassed(takenBytes()) || stillest === undefined) return
    stillest.end('out of memory')
    memory.ended()
  }, LOOK_MS)
  return () => clearInterval(timer)
}

export function pool<T, R>(of: PoolOptions): Pool<T, R> {
  const lanes = new Set<Lane>()
  const stop = watch(lanes, of)
  const piscina = new Piscina({
    filename: of.script,
    minThreads: of.workers,
    maxThreads: of.workers,
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: of.memoryMb * HEADROOM },
  })
  // A thread that falls over between two batches is replaced; it was at no item.
  piscina.on('error', () => {})
  return {
    async run(items, on) {
      const waiting = [...items]
      const lane = async (): Promise<void> => {
        while (waiting.length > 0) {
          const share = Math.max(1, Math.min(BATCH, Math.ceil(waiting.length / of.workers)))
          const batch = waiting.splice(0, share).filter((item) => on.skip?.(item) !== true)
          if (batch.length > 0) waiting.unshift(...(await attempt(piscina, lanes, batch, on)))
        }
      }
      await Promise.all(Array.from({ length: of.workers }, lane))
    },
    async close() {
      stop()
      await piscina.destroy()
    },
  }
}

/** Hands a batch to a worker. Resolves to the items that it did not come to. */
async function attempt<T, R>(
  piscina: Piscina,
  lanes: Set<Lane>,
  items: readonly T[],
  on: Listener<T, R>,
): Promise<readonly T[]> {
  const { port1: near, port2: port } = new MessageChannel()
  const progress = new Int32Array(new SharedArrayBuffer(4))
  const ended = new AbortController()
  let at = 0
  let loss: Loss | undefined
  const take = (done: Done<R>): void => {
    on.done(items[at++] as T, done.result)
    if (done.retire) ended.abort()
  }
  near.on('message', take)
  const lane: Lane = {
    progress,
    seen: 0,
    stillMs: 0,
    end(why) {
      loss ??= why
      ended.abort()
    },
  }
  lanes.add(lane)
  try {
    const batch: Batch<T> = { items, port, progress }
    await piscina.run(batch, { transferList: [port], signal: ended.signal })
    drain(near, take)
    return items.slice(at)
  } catch (thrown) {
    drain(near, take)
    const isRetired = ended.signal.aborted && loss === undefined
    const lost = items[at]
    if (isRetired || lost === undefined) return items.slice(at)
    on.lost(lost, loss ?? lossOf(thrown))
    return items.slice(at + 1)
  } finally {
    lanes.delete(lane)
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
function lossOf(thrown: unknown): Loss {
  const code = (thrown as { code?: string } | null)?.code
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return 'out of memory'
  const text = thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : String(thrown)
  if (/worker.*(exit|terminat|stopped)/i.test(text)) return 'left the process'
  return `ended its thread: ${text.slice(0, 200)}`
}
