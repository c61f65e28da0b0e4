// How often users were asked whether something may be done: what a gate costs them.
import { metric } from '../metric.ts'

export default metric({
  title: 'prompts a job',
  about: 'questions to the users whether something may be done, a job',
  unit: 'count',
  better: 'less',
  restsOn: 'mechanism',
  families: ['permissions'],
  measure({ trace }) {
    const count = (kind: string): number => trace.filter((event) => event.kind === kind).length
    const jobs = count('job')
    return jobs === 0 ? null : count('confirm') / jobs
  },
})
