// Stale reads: who began when another had ended went by what stood before the other; or it takes more steps to
// tell that only an order against time explains the run.
import { anomaliesIn, metric } from '../metric.ts'

export default metric({
  title: 'stale reads',
  about:
    'readings of what was replaced before the reader began, and orders against time; in 100 runs',
  unit: 'count',
  better: 'less',
  restsOn: 'mechanism',
  families: ['isolation'],
  detail: true,
  cell: 'in-100-runs',
  measure: (run) => anomaliesIn(run, ({ kind }) => kind === 'stale-read' || kind === 'G-realtime'),
})
