// Phantoms: who listed or searched files did not go by what others then made or removed.
import type { Kind } from '../isolation/anomalies.ts'
import { isolationIn, metric } from '../metric.ts'

const SKEWS: readonly Kind[] = ['G-single', 'G-nonadjacent', 'G2']

export default metric({
  title: 'phantoms',
  about:
    'cycles through a listing or a search that missed a file (G-single up to G2); sum of all runs',
  unit: 'count',
  better: 'less',
  restsOn: 'mechanism',
  families: ['isolation'],
  detail: true,
  cell: 'sum',
  measure(run) {
    if (run.trace.length === 0) return null
    const { anomalies } = isolationIn(run)
    return anomalies.filter(({ isPredicate, kind }) => isPredicate && SKEWS.includes(kind)).length
  },
})
