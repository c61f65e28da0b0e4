// Stale reads: who began when another had ended went by what stood before the other; or it takes more steps to
// tell that only an order against time explains the run.
import { isolationIn, metric } from '../metric.ts'

export default metric({
  title: 'stale reads',
  about:
    'readings of what was replaced before the reader began, and orders against time; sum of all runs',
  unit: 'count',
  better: 'less',
  restsOn: 'mechanism',
  families: ['isolation'],
  detail: true,
  cell: 'sum',
  measure(run) {
    if (run.trace.length === 0) return null
    const { anomalies } = isolationIn(run)
    return anomalies.filter(({ kind }) => kind === 'stale-read' || kind === 'G-realtime').length
  },
})
