// Isolation judged as databases are: what a run shows of the phenomena, and which levels it refutes.
import type { TraceEvent } from '../../sim/index.ts'
import { type Anomaly, anomaliesOf, conflictingPairs } from './anomalies.ts'
import { graphOf } from './graph.ts'
import { levelOf } from './level.ts'
import { recorded } from './recorded.ts'

export type { Anomaly } from './anomalies.ts'
export { LEVELS } from './level.ts'
export { storiesOf } from './story.ts'

export interface Isolation {
  readonly anomalies: readonly Anomaly[]
  /** Pairs of transactions that could have troubled each other: without one, nothing was tried. */
  readonly pairs: number
  /** @see LEVELS; null where nothing was tried, or not all was seen. */
  readonly level: number | null
}

const UNTRIED: Isolation = { anomalies: [], pairs: 0, level: null }

/** `files` are those at the start. Pure; a run in which nobody met is not looked at further. */
export function isolationOf(
  trace: readonly TraceEvent[],
  files: Readonly<Record<string, string>>,
): Isolation {
  if (!isShared(trace)) return UNTRIED
  const history = recorded(trace, files)
  const graph = graphOf(history)
  const anomalies = anomaliesOf(history, graph)
  const pairs = conflictingPairs(graph, anomalies)
  const level = pairs === 0 || history.isPartial ? null : levelOf(anomalies)
  return { anomalies, pairs, level }
}

/** More than one session. */
const MANY = ''

/** Several work on files, and one of them wrote what another one touched, or while another looked around. */
function isShared(trace: readonly TraceEvent[]): boolean {
  const writers = new Map<string, string>()
  const readers = new Map<string, string>()
  const sessions = new Set<string>()
  let looker: string | undefined
  let isMet = false
  const meets = (others: string | undefined, who: string): void => {
    isMet ||= others !== undefined && others !== who
  }
  for (const event of trace) {
    if (event.kind !== 'read' && event.kind !== 'scan' && event.kind !== 'effect') continue
    const who = event.session
    sessions.add(who)
    if (event.kind === 'scan') {
      for (const writer of writers.values()) meets(writer, who)
      looker = looker === undefined || looker === who ? who : MANY
    } else if (event.kind === 'read') {
      meets(writers.get(event.path), who)
      note(readers, event.path, who)
    } else if (event.op.startsWith('files.')) {
      for (const others of [writers.get(event.key), readers.get(event.key), looker])
        meets(others, who)
      note(writers, event.key, who)
    }
    if (isMet && sessions.size > 1) return true
  }
  return false
}

/** Whoever was there first, or nobody in particular. */
const note = (known: Map<string, string>, key: string, who: string): void =>
  void known.set(key, (known.get(key) ?? who) === who ? who : MANY)
