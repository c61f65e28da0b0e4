// What came to stand of a run: a file written on a branch that was given up, or never committed, was written
// nowhere. Payments and mails are on no branch.
import type { TraceEvent } from './core/trace.ts'

/** The trace without writes to files that came to nothing. */
export function stoodIn(trace: readonly TraceEvent[]): readonly TraceEvent[] {
  if (!trace.some(({ kind }) => kind === 'branch')) return trace
  const parents = new Map<number, number | undefined>()
  const committed = new Set<number>()
  for (const event of trace) {
    if (event.kind !== 'branch' || event.branch === undefined) continue
    if (event.move === 'begin') parents.set(event.branch, event.from)
    if (event.move === 'commit') committed.add(event.branch)
  }
  const stands = (branch: number | undefined): boolean =>
    branch === undefined || (committed.has(branch) && stands(parents.get(branch)))
  return trace.filter(
    (event) => event.kind !== 'effect' || !event.op.startsWith('files.') || stands(event.branch),
  )
}
