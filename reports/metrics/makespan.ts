// From the arrival of the first job to when the last one was done or taken back. One that nobody did counts as an
// hour at least: who gives up has not finished early.
import { metric } from '../metric.ts'
import { endOf, overMs, servedIn } from '../service.ts'

export default metric({
  title: 'makespan',
  about: 'virtual ms from the first job until all are done or taken back; an hour for one undone',
  unit: 'ms',
  better: 'less',
  restsOn: 'assumed',
  families: ['budgets', 'preemption'],
  detail: true,
  measure(run) {
    const jobs = servedIn(run)
    if (jobs.length === 0) return null
    const endMs = endOf(run.trace)
    return (
      Math.max(...jobs.map((job) => overMs(job, endMs))) -
      Math.min(...jobs.map(({ arrivedMs }) => arrivedMs))
    )
  },
})
