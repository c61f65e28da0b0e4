// Phenomena of transactions that a run shows, of all kinds: each cycle once.
import { isolationIn, metric } from '../metric.ts'

export default metric({
  title: 'anomalies',
  about:
    'what a database would call an anomaly, of any kind, lost updates included; sum of all runs',
  unit: 'count',
  better: 'less',
  restsOn: 'mechanism',
  families: ['isolation'],
  cell: 'sum',
  measure(run) {
    if (run.trace.length === 0) return null
    const { anomalies } = isolationIn(run)
    return anomalies.length
  },
})
