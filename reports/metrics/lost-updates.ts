// Lost updates (P4 of Berenson et al., 1995): a transaction writes over what another made of a file after the
// writer had last looked. A blind write is none: what was never read cannot be stale.
import { isolationOf } from '../isolation/index.ts'
import { metric } from '../metric.ts'

export default metric({
  title: 'lost updates',
  about: "writes over another's version that the writer had not seen; sum of all runs",
  unit: 'count',
  better: 'less',
  restsOn: 'mechanism',
  families: ['isolation'],
  cell: 'sum',
  measure({ instance, trace }) {
    if (trace.length === 0) return null
    const { anomalies } = isolationOf(trace, instance.world.files)
    return anomalies.filter(({ kind }) => kind === 'lost-update').length
  },
})
