// Phenomena of transactions that a run shows, of all kinds: each cycle once.
import { isolationOf } from '../isolation/index.ts'
import { metric } from '../metric.ts'

export default metric({
  title: 'anomalies',
  about:
    'what a database would call an anomaly, of any kind, lost updates included; sum of all runs',
  unit: 'count',
  better: 'less',
  restsOn: 'mechanism',
  families: ['isolation'],
  cell: 'sum',
  measure({ instance, trace }) {
    if (trace.length === 0) return null
    const { anomalies } = isolationOf(trace, instance.world.files)
    return anomalies.length
  },
})
