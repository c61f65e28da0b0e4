// Read skew (G-single over items): what one read does not stand together at any one moment; and what two read
// stands together for neither (G-nonadjacent).
import { anomaliesIn, metric } from '../metric.ts'

export default metric({
  title: 'read skew',
  about: 'reads that fit no one moment (G-single), or no one order (long forks); in 100 runs',
  unit: 'count',
  better: 'less',
  restsOn: 'mechanism',
  families: ['isolation'],
  detail: true,
  cell: 'in-100-runs',
  measure: (run) =>
    anomaliesIn(
      run,
      ({ kind, isPredicate }) => (kind === 'G-single' || kind === 'G-nonadjacent') && !isPredicate,
    ),
})
