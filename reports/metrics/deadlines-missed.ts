// Jobs with a deadline that were done after it, or never, whatever was said of them. One that was taken back
// before has none any more.
import { metric } from '../metric.ts'
import { servedIn } from '../service.ts'
import { average } from '../units.ts'

export default metric({
  title: 'deadlines missed',
  about: 'jobs done after their deadline, or never / jobs that had one',
  unit: 'share',
  better: 'less',
  restsOn: 'assumed',
  families: ['preemption', 'budgets'],
  measure(run) {
    return average(
      servedIn(run).flatMap(({ deadlineMs, doneMs, withdrawnMs }) => {
        if (deadlineMs === undefined || (withdrawnMs ?? deadlineMs) < deadlineMs) return []
        return doneMs !== undefined && doneMs <= deadlineMs ? 0 : 1
      }),
    )
  },
})
