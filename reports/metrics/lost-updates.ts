// Lost updates (P4 of Berenson et al., 1995): a transaction writes over what another made of a file after the
// writer had last looked. A blind write is none: what was never read cannot be stale.
import { anomaliesIn, metric } from '../metric.ts'

export default metric({
  title: 'lost updates',
  about: "writes over another's version that the writer had not seen; in 100 runs",
  unit: 'count',
  better: 'less',
  restsOn: 'mechanism',
  families: ['isolation'],
  cell: 'in-100-runs',
  measure: (run) => anomaliesIn(run, ({ kind }) => kind === 'lost-update'),
})
