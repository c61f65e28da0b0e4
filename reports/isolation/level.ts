// Isolation levels, by what they rule out: what was seen refutes them, and nothing proves them. Snapshot isolation
// and repeatable read rule out different things; where both stand, the numbers go on with the latter.
import type { Anomaly, Kind } from './anomalies.ts'

interface Level {
  readonly name: string
  readonly isRefutedBy: (anomaly: Anomaly) => boolean
}

const ruling =
  (...kinds: readonly Kind[]) =>
  ({ kind }: Anomaly): boolean =>
    kinds.includes(kind)

const UNCOMMITTED: readonly Kind[] = ['G0']
const COMMITTED: readonly Kind[] = [...UNCOMMITTED, 'G1a', 'G1b', 'G1c']
const CURSOR: readonly Kind[] = [...COMMITTED, 'lost-update']
/** Under a snapshot every cycle has two anti-dependencies in a row (Fekete et al., TODS 2005). */
const SNAPSHOT: readonly Kind[] = [...CURSOR, 'G-single', 'G-nonadjacent']
const SERIAL: readonly Kind[] = [...SNAPSHOT, 'G2-item', 'G2']

/** The n-th is number n; 0 is none of them. */
export const LEVELS: readonly Level[] = [
  { name: 'read uncommitted', isRefutedBy: ruling(...UNCOMMITTED) },
  { name: 'read committed', isRefutedBy: ruling(...COMMITTED) },
  { name: 'cursor stability', isRefutedBy: ruling(...CURSOR) },
  { name: 'snapshot isolation', isRefutedBy: ruling(...SNAPSHOT) },
  {
    name: 'repeatable read',
    isRefutedBy: (anomaly) =>
      ruling(...CURSOR)(anomaly) || (ruling(...SERIAL)(anomaly) && !anomaly.isPredicate),
  },
  { name: 'serializable', isRefutedBy: ruling(...SERIAL) },
  { name: 'strict serializable', isRefutedBy: ruling(...SERIAL, 'G-realtime', 'stale-read') },
]

/** The number of the strongest level that is not refuted. */
export function levelOf(anomalies: readonly Anomaly[]): number {
  const stands = LEVELS.map(({ isRefutedBy }) => !anomalies.some(isRefutedBy))
  return stands.lastIndexOf(true) + 1
}
