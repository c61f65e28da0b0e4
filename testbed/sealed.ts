// Runs a simulation under the seal: code of others has its timers, dates and randomness from the run, and
// what it lets fly outside of any await is the run's, too. What it changed in this thread is put back.

import { uniform } from '../sim/core/hash.ts'
import { blame } from '../sim/ending.ts'
import { realRequests } from '../sim/host/drive.ts'
import { restore, SHARED, snapshot } from '../sim/host/intrinsics.ts'
import { keysOf } from '../sim/host/seal/additions.ts'
import { additions, enter, seal, spoil } from '../sim/host/seal.ts'
import type { Simulation } from '../sim/machine.ts'
import type { Harness } from './house.ts'
import { tame } from './user-harness.ts'

/** Bytes outside of the heap, which no limit holds, that a thread may have kept after a run. */
const KEPT_BYTES_MAX = 1 << 28

type Listener = (...args: unknown[]) => void

const listening = (): Map<string | symbol, Listener[]> =>
  new Map(process.eventNames().map((name) => [name, process.rawListeners(name) as Listener[]]))

/** Handlers that were added to the process go, and those that were removed come back. */
function restoreListeners(before: ReadonlyMap<string | symbol, readonly Listener[]>): void {
  const now = listening()
  for (const name of new Set([...before.keys(), ...now.keys()])) {
    const [was, is] = [before.get(name) ?? [], now.get(name) ?? []]
    if (was.length === is.length && was.every((listener, i) => listener === is[i])) continue
    process.removeAllListeners(name)
    for (const listener of was) process.on(name, listener)
  }
}

/** Remembers how this thread is. The function puts it back, and may end the run. */
function kept(simulation: Simulation): () => boolean {
  const before = snapshot()
  const listeners = listening()
  const isPending = realRequests()
  return () => {
    const patched = restore(before)
    restoreListeners(listeners)
    const { arrayBuffers } = process.memoryUsage()
    if (patched !== undefined || isPending() || arrayBuffers > KEPT_BYTES_MAX) spoil()
    if (patched?.isLanguage !== true) return false
    simulation.overrule({ kind: 'crash', reason: `patched ${patched.name}` })
    return true
  }
}

type Make = (Harness & { readonly kind: 'kernel' })['make']

/**
 * Each crash ends a process: what was left on globals the next boot does not find, and modules are loaded afresh
 * as it is. What a run leaves is remembered, for a crash in a later one.
 */
function asProcesses(make: Make, { trace }: Simulation): { make: Make; ended(): void } {
  const before = keysOf(SHARED)
  let crashes = 0
  const ended = (): void => additions.note(before, false)
  const fresh: Make = async () => {
    const now = trace.events.filter(({ kind }) => kind === 'crash').length
    const isReboot = now > crashes
    crashes = now
    ended()
    const putBack = isReboot ? additions.takeAway() : () => {}
    const loading = keysOf(SHARED)
    const kernel = await make()
    additions.note(loading, true)
    putBack()
    return kernel
  }
  return { make: fresh, ended }
}

export async function underSeal(
  key: string,
  simulation: Simulation,
  harness: Harness & { readonly kind: 'kernel' },
  run: (isForeign: boolean) => Promise<boolean>,
): Promise<boolean> {
  seal()
  const u = uniform(`seal ${key}`)
  let asked = 0
  const { isForeign } = harness
  const putBack = isForeign ? kept(simulation) : () => false
  const { make, ended } = isForeign
    ? asProcesses(harness.make, simulation)
    : { make: harness.make, ended: () => {} }
  const astray = (thrown: unknown): void => {
    const ending = blame(tame(thrown))
    const reason = 'reason' in ending ? ending.reason.replace(/^threw/, 'let fly') : ''
    if (simulation.ending?.kind === 'done') simulation.overrule({ kind: 'crash', reason })
    else simulation.end({ kind: 'crash', reason })
  }
  process.on('unhandledRejection', astray)
  process.on('uncaughtException', astray)
  enter({
    now: () => simulation.now,
    timer: (ms, fire) => simulation.timer(ms, fire),
    cancel: (timer) => simulation.cancel(timer as ReturnType<Simulation['timer']>),
    random: () => u(`${asked++}`),
  })
  try {
    simulation.start(make)
    const inexact = await run(isForeign)
    putBack()
    return inexact
  } catch (thrown) {
    // Our own code stumbles over a language that is not as it was.
    if (putBack()) return false
    throw thrown
  } finally {
    ended()
    enter(undefined)
    process.off('unhandledRejection', astray)
    process.off('uncaughtException', astray)
  }
}
