// Steps whose results were kept over a crash: of those that the model had gone on from before it, the share
// that it did not plan again, in jobs that were finished: who gives up after a crash has kept nothing. What
// was under way as the machine went down is not counted.
import { stepsOver } from '../crashes.ts'
import { metric } from '../metric.ts'
import { servedIn } from '../service.ts'

export default metric({
  title: 'resumed',
  about:
    'share of the steps done before a crash that are not done again, in jobs that are finished',
  unit: 'share',
  better: 'more',
  restsOn: 'mechanism',
  families: ['crash-resume', 'nondeterminism'],
  measure(run) {
    const steps = stepsOver(run.instance, run.trace)
    if (steps === undefined || steps.done.size === 0) return null
    const open = servedIn(run).filter(({ doneMs }) => doneMs === undefined)
    const unfinished = new Set(open.map(({ job }) => job))
    const kept = [...steps.done].filter(
      (step) => !steps.again.has(step) && !unfinished.has(step.split('/')[0] ?? ''),
    )
    return kept.length / steps.done.size
  },
})
