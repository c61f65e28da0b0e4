// Usable recall of facts of one origin: a design may keep one kind and lose another. @see
// reports/recall.ts
import { metric } from '../metric.ts'
import { recall } from '../recall.ts'

export default metric({
  title: 'recall: changing',
  about: 'usable recall of facts that change while the job runs',
  unit: 'share',
  better: 'more',
  restsOn: 'calibrated',
  families: ['compaction'],
  detail: true,
  measure: (run) => recall(run, 'changing'),
})
