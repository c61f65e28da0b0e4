// Dirty writes and reads (G0, G1a, G1b, G1c): what is half done or taken back is gone by, or mixed.
import { isolationIn, metric } from '../metric.ts'

export default metric({
  title: 'dirty',
  about: 'reads of what was half done or taken back, and mixed writes (G0, G1); sum of all runs',
  unit: 'count',
  better: 'less',
  restsOn: 'mechanism',
  families: ['isolation'],
  detail: true,
  cell: 'sum',
  measure(run) {
    if (run.trace.length === 0) return null
    const { anomalies } = isolationIn(run)
    return anomalies.filter(({ kind }) => kind.startsWith('G0') || kind.startsWith('G1')).length
  },
})
