// Jain's index over users of how fast each was served: what the work that was done for it takes alone, at the
// usual pace, over the time in which it had a job open. Many jobs of one user do not make that user slower
// than it is by itself. Whoever gets nothing done has no speed; where that is everybody, nothing was shared
// out.
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
  about: "Jain's index over users of time alone / time until it is done; 1 is fair",
  unit: 'share',
  better: 'more',
  restsOn: 'assumed',
  families: ['budgets'],
  measure(run) {
    const { instance, trace } = run
    const users = groupBy(servedIn(run), ({ user }) => user)
    if (users.size < 2) return null
    const endMs = endOf(trace)
    const speeds = [...users.values()].map((jobs) => {
      const done = jobs.filter(({ doneMs }) => doneMs !== undefined)
      const alone = done.reduce((sum, { job }) => sum + aloneMs(instance, job), 0)
      return Math.min(1, alone / Math.max(alone, openMs(jobs, endMs), 1))
    })
    const sum = speeds.reduce((all, speed) => all + speed, 0)
    const squares = speeds.reduce((all, speed) => all + speed * speed, 0)
    return squares === 0 ? null : (sum * sum) / (speeds.length * squares)
  },
})
