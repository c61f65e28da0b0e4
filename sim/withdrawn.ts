// What is changed for a job after its user took it back. Putting a file back to what stood there before the job
// first touched it undoes, and changes nothing; what stands on a branch changes the world at its commit.
import { jobOf, type TraceEvent } from './core/trace.ts'
import type { Instance } from './instance.ts'

/** What it acts on, change by change; undefined where the job was never taken back. */
export function changesAfterCancel(
  { world }: Pick<Instance, 'world'>,
  trace: readonly TraceEvent[],
  job: string,
): readonly string[] | undefined {
  const now = new Map(Object.entries(world.files))
  /** By path, what stood there before the job's first touch. */
  const before = new Map<string, string | undefined>()
  let found: string[] | undefined
  for (const event of trace) {
    if (event.kind === 'withdraw' && event.job === job) found ??= []
    if (event.kind === 'branch' && event.move === 'commit' && event.from === undefined) {
      if (jobOf(event.session) === job) found?.push(...event.paths)
    }
    if (event.kind !== 'effect' || event.branch !== undefined) continue
    const { key, op, value } = event
    const isFile = op.startsWith('files.')
    const text = op === 'files.remove' ? undefined : value
    if (jobOf(event.session) === job) {
      if (isFile && !before.has(key)) before.set(key, now.get(key))
      if (!isFile || before.get(key) !== text) found?.push(key)
    }
    if (isFile && text !== undefined) now.set(key, text)
    else if (isFile) now.delete(key)
  }
  return found
}
