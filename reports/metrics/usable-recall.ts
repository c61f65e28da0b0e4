// How much of what the steps needed was there, usable and true. @see reports/recall.ts
import { metric } from '../metric.ts'
import { recall } from '../recall.ts'

export default metric({
  title: 'usable recall',
  about: 'needs of all steps that were served with the true value / needs',
  unit: 'share',
  better: 'more',
  restsOn: 'calibrated',
  families: ['compaction'],
  measure: (run) => recall(run),
})
