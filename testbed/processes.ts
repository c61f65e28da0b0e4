// Runs a simulation with a real harness in it: finds the installed program, drives, and cleans up.
import { UsageError } from '../sim/core/assert.ts'
import { isolation } from '../sim/host/bridge.ts'
import { type Drive, drive, pause, pulse } from '../sim/host/drive.ts'
import { installed } from '../sim/host/install.ts'
import type { Simulation } from '../sim/machine.ts'
import type { Harness, House } from './house.ts'
import { realRun } from './real.ts'

/** Real milliseconds between two signs of life while a process works. */
const ALIVE_MS = 500

export async function inProcesses(
  simulation: Simulation,
  { id, adapter }: Harness & { readonly kind: 'adapter' },
  { host }: House,
  { progress, until }: Required<Pick<Drive, 'progress' | 'until'>>,
): Promise<boolean> {
  const bin = installed(adapter, host.adapters)
  if (bin === undefined) throw new UsageError(`${id} is not installed: npx enosys install ${id}`)
  const real = realRun(() => simulation, adapter, bin, await isolation(), pause)
  const stop = pulse(ALIVE_MS, progress)
  try {
    simulation.start(() => real.kernel)
    return await drive(simulation, { isForeign: false, progress, until, turnstile: real })
  } finally {
    stop()
    await real.dispose()
  }
}
