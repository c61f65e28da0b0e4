// Lost updates (P4 of Berenson et al., 1995): a session writes over a version of a file that
// another one wrote after this session last looked. A blind write is none: what was never read
// cannot be stale.
import { metric } from '../metric.ts'

export default metric({
  title: 'lost updates',
  about: "writes over another session's version that the writer had not seen; sum of all runs",
  unit: 'count',
  better: 'less',
  restsOn: 'mechanism',
  families: ['isolation'],
  cell: 'sum',
  measure({ trace }) {
    if (trace.length === 0) return null
    /** By session and path: the versions it read or wrote. */
    const seen = new Map<string, Set<number>>()
    /** By path and version: the session that wrote it. */
    const writers = new Map<string, string>()
    const see = (session: string, path: string, version: number): void => {
      const versions = seen.get(`${session} ${path}`) ?? new Set()
      seen.set(`${session} ${path}`, versions.add(version))
    }
    let lost = 0
    for (const event of trace) {
      if (event.kind === 'read') see(event.session, event.path, event.version)
      if (event.kind !== 'effect' || !event.op.startsWith('files.')) continue
      const { session, key, version, previous } = event
      const versions = seen.get(`${session} ${key}`)
      const writer = writers.get(`${previous} ${key}`) ?? session
      if (versions !== undefined && !versions.has(previous) && writer !== session) lost++
      see(session, key, version)
      writers.set(`${version} ${key}`, session)
    }
    return lost
  },
})
