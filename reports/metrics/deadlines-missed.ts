// Jobs with a deadline that were answered after it, or never. One that was taken back before has none any more.
import { metric } from '../metric.ts'
import { servedIn } from '../service.ts'
import { average } from '../units.ts'

export default metric({
  title: 'deadlines missed',
  about: 'jobs answered after their deadline, or never / jobs that had one',
  unit: 'share',
  better: 'less',
  restsOn: 'assumed',
  families: ['preemption', 'budgets'],
  measure({ instance, trace }) {
    const deadlines = new Map(
      instance.users.flatMap((user) => user.jobs.map(({ id, deadlineMs }) => [id, deadlineMs])),
    )
    return average(
      servedIn(trace).flatMap(({ job, answeredMs, withdrawnMs }) => {
        const dueMs = deadlines.get(job)
        if (dueMs === undefined || (withdrawnMs ?? dueMs) < dueMs) return []
        return answeredMs !== undefined && answeredMs <= dueMs ? 0 : 1
      }),
    )
  },
})
