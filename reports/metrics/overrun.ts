// How far the tokens of a job, a user or everyone went over what was granted: the worst of them.
import { type Budget, jobOf } from '../../sim/index.ts'
import { metric } from '../metric.ts'

export default metric({
  title: 'overrun',
  about: 'tokens beyond a budget / that budget, the worst of all budgets of a run',
  unit: 'share',
  better: 'less',
  restsOn: 'calibrated',
  families: ['budgets'],
  measure({ instance, trace }) {
    const { budget, users } = instance
    if (budget === undefined || trace.length === 0) return null
    const userOf = new Map(users.flatMap(({ id, jobs }) => jobs.map((job) => [job.id, id])))
    /** By budget and whose it is. */
    const used = new Map<string, number>()
    let worst = 0
    for (const event of trace) {
      if (event.kind !== 'generation') continue
      const job = jobOf(event.session)
      const { input, output } = event.usage
      const charged = { jobTokens: job, userTokens: userOf.get(job) ?? '', allTokens: '' }
      for (const [of, name] of Object.entries(charged)) {
        const granted = budget[of as keyof Budget]
        if (granted === undefined || granted <= 0) continue
        const sum = (used.get(`${of} ${name}`) ?? 0) + input + output
        used.set(`${of} ${name}`, sum)
        worst = Math.max(worst, (sum - granted) / granted)
      }
    }
    return worst
  },
})
