// Stale reads: who began when another had ended went by what stood before the other.
import { anomaliesIn, metric } from '../metric.ts'

export default metric({
  title: 'stale reads',
  about: 'readings of what was replaced before the reader began; in 100 runs',
  unit: 'count',
  better: 'less',
  restsOn: 'mechanism',
  families: ['isolation'],
  detail: true,
  cell: 'in-100-runs',
  measure: (run) => anomaliesIn(run, ({ kind }) => kind === 'stale-read'),
})
