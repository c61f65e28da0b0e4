// Phantoms: who listed or searched files did not go by what others then made or removed.
import type { Kind } from '../isolation/anomalies.ts'
import { anomaliesIn, metric } from '../metric.ts'

const SKEWS: readonly Kind[] = ['G-single', 'G-nonadjacent', 'G2']

export default metric({
  title: 'phantoms',
  about: 'cycles through a listing or a search that missed a file (G-single up to G2); in 100 runs',
  unit: 'count',
  better: 'less',
  restsOn: 'mechanism',
  families: ['isolation'],
  detail: true,
  cell: 'in-100-runs',
  measure: (run) =>
    anomaliesIn(run, ({ isPredicate, kind }) => isPredicate && SKEWS.includes(kind)),
})
