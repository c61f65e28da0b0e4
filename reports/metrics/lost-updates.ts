// Lost updates (P4 of Berenson et al., 1995): a transaction writes over what another made of a file after the
// writer had last looked. A blind write is none: what was never read cannot be stale.
import { isolationIn, metric } from '../metric.ts'

export default metric({
  title: 'lost updates',
  about: "writes over another's version that the writer had not seen; sum of all runs",
  unit: 'count',
  better: 'less',
  restsOn: 'mechanism',
  families: ['isolation'],
  cell: 'sum',
  measure(run) {
    if (run.trace.length === 0) return null
    const { anomalies } = isolationIn(run)
    return anomalies.filter(({ kind }) => kind === 'lost-update').length
  },
})
