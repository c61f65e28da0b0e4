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
    if (trace.length === 0) return null
    const served = new Map(servedIn(trace).map((one) => [one.job, one]))
    // Jobs that never came, since the run ended before them, were missed, too.
    const jobs = instance.users.flatMap((user) => user.jobs)
    return average(
      jobs.flatMap(({ id, deadlineMs }) => {
        if (deadlineMs === undefined) return []
        const { answeredMs, withdrawnMs } = served.get(id) ?? {}
        if ((withdrawnMs ?? deadlineMs) < deadlineMs) return []
        return answeredMs !== undefined && answeredMs <= deadlineMs ? 0 : 1
      }),
    )
  },
})
