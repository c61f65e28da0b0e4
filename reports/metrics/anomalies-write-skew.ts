// Write skew (G2-item): each went by what another then changed, and none wrote over another.
import { isolationOf } from '../isolation/index.ts'
import { metric } from '../metric.ts'

export default metric({
  title: 'write skew',
  about: 'cycles in which each went by what another then changed (G2-item); sum of all runs',
  unit: 'count',
  better: 'less',
  restsOn: 'mechanism',
  families: ['isolation'],
  detail: true,
  cell: 'sum',
  measure({ instance, trace }) {
    if (trace.length === 0) return null
    const { anomalies } = isolationOf(trace, instance.world.files)
    return anomalies.filter(({ kind }) => kind === 'G2-item').length
  },
})
