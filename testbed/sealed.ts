// Runs a simulation under the seal: code of others has its timers, dates and randomness from the run, and
// what it lets fly outside of any await is the run's, too.
import { uniform } from '../sim/core/hash.ts'
import { patched, snapshot } from '../sim/host/intrinsics.ts'
import { enter, seal } from '../sim/host/seal.ts'
import { blame, type Simulation } from '../sim/machine.ts'
import type { Harness } from './house.ts'

export async function underSeal(
  key: string,
  simulation: Simulation,
  harness: Harness & { readonly kind: 'kernel' },
  run: (isForeign: boolean) => Promise<boolean>,
): Promise<boolean> {
  seal()
  const u = uniform(`seal ${key}`)
  let asked = 0
  enter({
    now: () => simulation.now,
    timer: (ms, fire) => simulation.timer(ms, fire),
    cancel: (timer) => simulation.cancel(timer as ReturnType<Simulation['timer']>),
    random: () => u(`${asked++}`),
  })
  const before = harness.isForeign ? snapshot() : undefined
  const astray = (thrown: unknown): void => {
    const ending = blame(thrown)
    const reason = 'reason' in ending ? ending.reason.replace(/^threw/, 'let fly') : ''
    simulation.end({ kind: 'crash', reason })
  }
  process.on('unhandledRejection', astray)
  process.on('uncaughtException', astray)
  try {
    simulation.start(harness.make)
    const inexact = await run(harness.isForeign)
    const property = before && patched(before)
    if (property !== undefined)
      simulation.overrule({ kind: 'crash', reason: `patched ${property}` })
    return inexact
  } finally {
    process.off('unhandledRejection', astray)
    process.off('uncaughtException', astray)
    enter(undefined)
  }
}
