// The events of a run that a crash can come before, as the machine asks chance of each; and what is in flight
// then, which has taken effect after the crash or has not.
import { type Chance, flipAt } from '../sim/core/chance.ts'
import type { Simulation } from '../sim/machine.ts'

export interface CrashPoint {
  /** `session/operation#n`. */
  readonly key: string
  /** Virtual milliseconds. */
  readonly at: number
  /** Calls and writes that land or do not: its own, and those beside it. */
  readonly inFlight: readonly string[]
}

const CRASH = 'crash'

/** Tells of each event that chance is asked about, before it answers. */
export function atCrashPoints(chance: Chance, tell: (key: string) => void): Chance {
  return {
    flip(id, p) {
      if (id.endsWith(`/${CRASH}`)) tell(id.slice(0, -CRASH.length - 1))
      return chance.flip(id, p)
    },
    flipAt(scope, site, p) {
      if (site === CRASH) tell(scope.slice(0, -1))
      return flipAt(chance, scope, site, p)
    },
    pick: (...of) => chance.pick(...of),
    sample: (...of) => chance.sample(...of),
  }
}

const LANDS = /\/(?:call|write)#\d+$/

export function inFlight(key: string, { now, queue }: Simulation): CrashPoint {
  const beside = queue.pending().filter(({ lands }) => lands !== undefined)
  const own = LANDS.test(key) ? [key] : []
  return { key, at: now, inFlight: [...own, ...beside.map((event) => event.key)] }
}
