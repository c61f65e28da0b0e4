// Write skew (G2-item): each went by what another then changed, and none wrote over another.
import { isolationIn, metric } from '../metric.ts'

export default metric({
  title: 'write skew',
  about: 'cycles in which each went by what another then changed (G2-item); sum of all runs',
  unit: 'count',
  better: 'less',
  restsOn: 'mechanism',
  families: ['isolation'],
  detail: true,
  cell: 'sum',
  measure(run) {
    if (run.trace.length === 0) return null
    const { anomalies } = isolationIn(run)
    return anomalies.filter(({ kind }) => kind === 'G2-item').length
  },
})
