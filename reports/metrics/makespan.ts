// From the arrival of the first job to the answer of the last.
import { metric } from '../metric.ts'
import { servedIn } from '../service.ts'

export default metric({
  title: 'makespan',
  about: 'virtual ms from the first job to the last answer',
  unit: 'ms',
  better: 'less',
  restsOn: 'assumed',
  families: ['budgets', 'preemption'],
  detail: true,
  measure({ trace }) {
    const jobs = servedIn(trace)
    const answers = jobs.flatMap(({ answeredMs }) => answeredMs ?? [])
    if (answers.length === 0) return null
    return Math.max(...answers) - Math.min(...jobs.map(({ arrivedMs }) => arrivedMs))
  },
})
