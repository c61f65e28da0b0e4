// A look into a machine that stands still: what no trace tells, all that is to come, and what is held.
import type { Simulation } from './machine.ts'

/** Plain data, but for what a kernel of one's own published. */
export interface Inside {
  readonly atMs: number
  readonly pending: readonly { readonly at: number; readonly key: string }[]
  readonly cores: { readonly busy: number; readonly of: number; readonly waiting: number }
  /** Characters by path. */
  readonly disk: ReadonlyMap<string, number>
  readonly files: readonly string[]
  readonly published: ReadonlyMap<string, unknown>
}

/** Code of others may be asked: what it throws is what it says. */
function told(value: unknown): unknown {
  if (typeof value !== 'function') return value
  try {
    return value()
  } catch (thrown) {
    return `threw: ${thrown instanceof Error ? thrown.message : String(thrown)}`
  }
}

export function insideOf(sim: Simulation): Inside {
  const { cores, disk, queue } = sim
  return {
    atMs: sim.now,
    pending: queue.pending().map(({ at, key }) => ({ at, key })),
    cores: { busy: cores.busy, of: sim.limits.cores, waiting: cores.waiting },
    disk: new Map([...disk].map(([path, text]) => [path, text.length])),
    files: sim.world.files.paths(),
    published: new Map([...sim.published()].map(([key, value]) => [key, told(value)])),
  }
}
