// Write skew (G2-item): each went by what another then changed, and none wrote over another.
import { anomaliesIn, metric } from '../metric.ts'

export default metric({
  title: 'write skew',
  about: 'cycles in which each went by what another then changed (G2-item); in 100 runs',
  unit: 'count',
  better: 'less',
  restsOn: 'mechanism',
  families: ['isolation'],
  detail: true,
  cell: 'in-100-runs',
  measure: (run) => anomaliesIn(run, ({ kind }) => kind === 'G2-item'),
})
