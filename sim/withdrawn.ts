// What is changed for a job after its user took it back. Putting a file back to what stood there before the job
// first touched it undoes, and changes nothing.
import { changesIn } from './changes.ts'
import type { TraceEvent } from './core/trace.ts'
import type { Instance } from './instance.ts'

/** What it acts on, change by change; undefined where the job was never taken back. */
export function changesAfterCancel(
  instance: Pick<Instance, 'world' | 'users' | 'programs'>,
  trace: readonly TraceEvent[],
  job: string,
): readonly string[] | undefined {
  const since = trace.findIndex((event) => event.kind === 'withdraw' && event.job === job)
  if (since < 0) return undefined
  const now = new Map<string, string | undefined>(Object.entries(instance.world.files))
  /** By path, what stood there before the job's first touch. */
  const before = new Map<string, string | undefined>()
  const found: string[] = []
  for (const change of changesIn(instance, trace)) {
    const { key, op, text, event } = change
    const isFile = op.startsWith('files.')
    if (change.isFor(job)) {
      if (isFile && !before.has(key)) before.set(key, now.get(key))
      const isUndone = isFile && before.get(key) === text
      if (event > since && !isUndone) found.push(key)
    }
    if (isFile) now.set(key, text)
  }
  return found
}
