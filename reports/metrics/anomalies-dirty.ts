// Dirty writes and reads (G0, G1a, G1b, G1c): what is half done or taken back is gone by, or mixed.
import { anomaliesIn, metric } from '../metric.ts'

export default metric({
  title: 'dirty',
  about: 'reads of what was half done or taken back, and mixed writes (G0, G1); in 100 runs',
  unit: 'count',
  better: 'less',
  restsOn: 'mechanism',
  families: ['isolation'],
  detail: true,
  cell: 'in-100-runs',
  measure: (run) => anomaliesIn(run, ({ kind }) => kind.startsWith('G0') || kind.startsWith('G1')),
})
