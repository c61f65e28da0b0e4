// From the arrival of the first job to the answer of the last.
import { metric } from '../metric.ts'
import { servedIn } from '../service.ts'

export default metric({
  title: 'makespan',
  about: 'virtual ms from the first job to the last answer, or to the end where one has none',
  unit: 'ms',
  better: 'less',
  restsOn: 'assumed',
  families: ['budgets', 'preemption'],
  detail: true,
  measure({ trace }) {
    const jobs = servedIn(trace)
    if (jobs.length === 0) return null
    // Who leaves a job open is not done before the run is.
    const endMs = trace.at(-1)?.at ?? 0
    return (
      Math.max(...jobs.map(({ answeredMs }) => answeredMs ?? endMs)) -
      Math.min(...jobs.map(({ arrivedMs }) => arrivedMs))
    )
  },
})
