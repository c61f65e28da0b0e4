// Phenomena of transactions that a run shows, of all kinds: each cycle once.
import { anomaliesIn, metric } from '../metric.ts'

export default metric({
  title: 'anomalies',
  about: 'what a database would call an anomaly, of any kind, lost updates included; in 100 runs',
  unit: 'count',
  better: 'less',
  restsOn: 'mechanism',
  families: ['isolation'],
  cell: 'in-100-runs',
  measure: (run) => anomaliesIn(run, () => true),
})
