// Read skew (G-single over items): what one read does not stand together at any one moment; and what two read
// stands together for neither (G-nonadjacent).
import { isolationIn, metric } from '../metric.ts'

export default metric({
  title: 'read skew',
  about: 'reads that fit no one moment (G-single), or no one order (long forks); sum of all runs',
  unit: 'count',
  better: 'less',
  restsOn: 'mechanism',
  families: ['isolation'],
  detail: true,
  cell: 'sum',
  measure(run) {
    if (run.trace.length === 0) return null
    const { anomalies } = isolationIn(run)
    return anomalies.filter(
      ({ kind, isPredicate }) => (kind === 'G-single' || kind === 'G-nonadjacent') && !isPredicate,
    ).length
  },
})
