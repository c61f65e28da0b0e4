// How long urgent jobs, those above the usual priority, waited for their answer. One that never came counts as
// an hour at least: who ends the run is not quicker than who answers late.
import { metric } from '../metric.ts'
import { endOf, overMs, servedIn } from '../service.ts'
import { average } from '../units.ts'

const NEVER_MS = 3_600_000

export default metric({
  title: 'urgent response',
  about: 'virtual ms from the arrival of an urgent job to its answer',
  unit: 'ms',
  better: 'less',
  restsOn: 'assumed',
  families: ['preemption'],
  measure({ instance, trace }) {
    const jobs = instance.users.flatMap((user) => user.jobs)
    const urgent = new Set(jobs.filter(({ priority = 0 }) => priority > 0).map(({ id }) => id))
    const endMs = endOf(trace)
    const own = servedIn(trace).filter(({ job }) => urgent.has(job))
    return average(
      own.map((served) => {
        const waited = overMs(served, endMs) - served.arrivedMs
        const isOver = (served.answeredMs ?? served.withdrawnMs) !== undefined
        return isOver ? waited : Math.max(waited, NEVER_MS)
      }),
    )
  },
})
