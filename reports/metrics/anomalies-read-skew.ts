// Read skew (G-single over items): what one read does not stand together at any one moment.
import { isolationOf } from '../isolation/index.ts'
import { metric } from '../metric.ts'

export default metric({
  title: 'read skew',
  about: 'reads that fit no one moment (G-single), non-repeatable ones included; sum of all runs',
  unit: 'count',
  better: 'less',
  restsOn: 'mechanism',
  families: ['isolation'],
  detail: true,
  cell: 'sum',
  measure({ instance, trace }) {
    if (trace.length === 0) return null
    const { anomalies } = isolationOf(trace, instance.world.files)
    return anomalies.filter(({ kind, isPredicate }) => kind === 'G-single' && !isPredicate).length
  },
})
