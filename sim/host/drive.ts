// Drives a run: fires one event, lets the kernel react for one turn of the real event loop, repeats.
// An empty queue with a kernel still waiting is a deadlock, at once, unless the process shows a real
// request pending: then real time passes while virtual time stands still, and the run is inexact.
import type { Simulation } from '../machine.ts'
import { isComputing, real } from './seal.ts'

/** Real milliseconds between two looks at a real request. */
const LOOK_MS = 1

/** What keeps a process alive without being anybody's request: it waits for others, maybe for ever. */
const IDLE = new Set([
  ...['Immediate', 'MessagePort', 'TTYWrap', 'PipeWrap', 'Worker'],
  ...['TCPServerWrap', 'FSEventWrap', 'FSEVENTWRAP', 'StatWatcher', 'SignalWrap', 'UDPWrap'],
])

const hop = (): Promise<void> => new Promise((resolve) => real.setImmediate(resolve))

/** Resolves when no promise is left that could go on: a quarter of the price of a hop. */
const settled = (): Promise<void> => new Promise((resolve) => real.nextTick(resolve))

/** Events between two hops of a run that does not need them: signals are seen, and stray rejections. */
const HOP_EVERY = 32

/** Real milliseconds pass. */
export const pause = (ms = LOOK_MS): Promise<void> =>
  new Promise((resolve) => real.setTimeout.call(globalThis, resolve, ms))

/** Ticks at intervals of real time, until the returned function is called. */
export function pulse(ms: number, tick: () => void): () => void {
  const timer = setInterval(tick, ms)
  return () => clearInterval(timer)
}

function census(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}

/** A request has an end of its own, as a handle has not: `FSReqPromise`, `GetAddrInfoReqWrap`. */
const isRequest = (name: string): boolean => name.includes('Req')

/** Whether there is a real request, or more handles than at the start of the run. */
export function realRequests(): () => boolean {
  // Requests of the start, as a module is loaded with, end by themselves and must not hide later ones.
  const names = process.getActiveResourcesInfo().filter((name) => !isRequest(name))
  let before: Map<string, number> | undefined
  return () => {
    before ??= census(names)
    const now = census(process.getActiveResourcesInfo())
    // What was there at the start and went must not hide what came since.
    for (const [name, count] of before) before.set(name, Math.min(count, now.get(name) ?? 0))
    for (const [name, count] of now) {
      if (!IDLE.has(name) && count > (before.get(name) ?? 0)) return true
    }
    return false
  }
}

/** What stands between virtual time and processes that live in real time. */
export interface Turnstile {
  settle(): Promise<void>
  isLive(): boolean
}

export interface Drive {
  /** Processes take part: time moves only when they wait for us. */
  readonly turnstile?: Turnstile
  /** Code of others runs in it: real requests are waited for before time moves on. */
  readonly isForeign: boolean
  /** Asked before every event: whether to stop there, with the run as it stands. */
  readonly until?: (sim: Simulation) => boolean
  /** Told of every event, so that a supervisor sees progress; waiting for the real world is none. */
  readonly progress?: () => void
}

/** Runs a started simulation to its end. Resolves to whether it had to wait for the real world. */
export async function drive(sim: Simulation, of: Drive): Promise<boolean> {
  const { isForeign, progress, turnstile, until } = of
  const pending = realRequests()
  let inexact = turnstile !== undefined
  // Our own kernels wait for promises alone; what others wait for may need the event loop.
  const every = isForeign || inexact ? 1 : HOP_EVERY
  for (let i = 1; ; i++) {
    if (sim.loading !== undefined) await sim.loading
    if (sim.working.size > 0) await Promise.all(sim.working)
    // Where no event is left, something real may have just been begun.
    await (i % every === 0 || sim.queue.size === 0 ? hop() : settled())
    if (turnstile !== undefined) await turnstile.settle()
    if (sim.loading !== undefined || sim.working.size > 0) continue
    if (sim.settle()) {
      if (every > 1) await hop()
      return inexact
    }
    if (isForeign && isComputing()) {
      await pause()
      continue
    }
    if (sim.held.size > 0 || (isForeign && pending())) {
      inexact = true
      await pause()
      continue
    }
    progress?.()
    if (until?.(sim) === true) return inexact
    if (sim.step()) continue
    if (turnstile !== undefined ? turnstile.isLive() : pending()) {
      inexact = true
      await pause()
    } else sim.end({ kind: 'stuck', reason: 'deadlock' })
  }
}
