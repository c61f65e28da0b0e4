// For metrics that count: nothing happened is 0, but of no trace at all nothing is known.
import type { TraceEvent } from '../sim/index.ts'

export function counted(
  trace: readonly TraceEvent[],
  matches: (event: TraceEvent) => boolean,
): number | null {
  return trace.length === 0 ? null : trace.filter(matches).length
}
