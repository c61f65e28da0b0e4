// Jain's index over users of how fast each was served: what its work takes alone, at the usual pace, over the time
// in which it had a job open. Many jobs of one user do not make that user slower than it is by itself.
// @see Jain, Chiu and Hawe, DEC-TR-301, 1984
import { metric } from '../metric.ts'
import { aloneMs, endOf, overMs, type Served, servedIn } from '../service.ts'
import { groupBy } from '../units.ts'

/** The time in which one of the jobs was open; they come in the order of their arrival. */
function openMs(jobs: readonly Served[], endMs: number): number {
  let untilMs = 0
  let sum = 0
  for (const job of jobs) {
    const fromMs = Math.max(job.arrivedMs, untilMs)
    untilMs = Math.max(untilMs, overMs(job, endMs))
    sum += Math.max(0, untilMs - fromMs)
  }
  return sum
}

export default metric({
  title: 'fairness',
  about: "Jain's index over users of time alone / time with others there; 1 is fair",
  unit: 'share',
  better: 'more',
  restsOn: 'assumed',
  families: ['budgets'],
  measure({ instance, trace }) {
    const users = groupBy(servedIn(trace), ({ user }) => user)
    if (users.size < 2) return null
    const endMs = endOf(trace)
    const speeds = [...users.values()].map((jobs) => {
      const alone = jobs.reduce((sum, { job }) => sum + aloneMs(instance, job), 0)
      const open = openMs(jobs, endMs)
      return alone >= open ? 1 : alone / open
    })
    const sum = speeds.reduce((all, speed) => all + speed, 0)
    const squares = speeds.reduce((all, speed) => all + speed * speed, 0)
    return squares === 0 ? null : (sum * sum) / (speeds.length * squares)
  },
})
