// Steps whose results were kept over a crash: of those that the model had gone on from before it, the share that
// it did not plan again. What was under way as the machine went down is not counted.
import { stepsOver } from '../crashes.ts'
import { metric } from '../metric.ts'

export default metric({
  title: 'resumed',
  about: 'share of the steps done before a crash that are not done again after it',
  unit: 'share',
  better: 'more',
  restsOn: 'mechanism',
  families: ['crash-resume', 'nondeterminism'],
  measure({ instance, trace }) {
    const steps = stepsOver(instance, trace)
    if (steps === undefined || steps.done.size === 0) return null
    return 1 - steps.again.size / steps.done.size
  },
})
