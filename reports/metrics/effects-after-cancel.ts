// Changes of the world by sessions of jobs that their users had taken back. @see sim/withdrawn.ts
import { changesAfterCancel } from '../../sim/withdrawn.ts'
import { metric } from '../metric.ts'

export default metric({
  title: 'effects after cancel',
  about: 'changes for jobs that their users had taken back, undoing apart; in 100 runs',
  unit: 'count',
  better: 'less',
  restsOn: 'mechanism',
  families: ['preemption'],
  cell: 'in-100-runs',
  measure({ instance, trace }) {
    const jobs = new Set(trace.flatMap((event) => (event.kind === 'withdraw' ? [event.job] : [])))
    if (jobs.size === 0) return null
    return [...jobs].flatMap((job) => changesAfterCancel(instance, trace, job) ?? []).length
  },
})
