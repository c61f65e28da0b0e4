// An actor of whom every deed is noted, in the words of the trace.
import type { Actor } from '../../sim/world/index.ts'

export interface Recorder extends Actor {
  readonly deeds: unknown[][]
  isGone: boolean
}

export function recorder(): Recorder {
  const deeds: unknown[][] = []
  const actor: Recorder = {
    deeds,
    isGone: false,
    audit: {
      isRevoked: () => actor.isGone,
      read: (path, version) => deeds.push(['read', path, version]),
      write: (...of) => deeds.push(['write', ...of]),
      branch: (...of) => deeds.push(['branch', ...of]),
    },
    effect: (...of) => deeds.push(['effect', ...of]),
  }
  return actor
}
