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
      scan: () => {},
      write: ({ path, text, version, previous }) =>
        deeds.push(['write', path, text, version, previous]),
      branch: (move, paths) => deeds.push(['branch', move, paths]),
    },
    effect: (...of) => deeds.push(['effect', ...of]),
  }
  return actor
}
