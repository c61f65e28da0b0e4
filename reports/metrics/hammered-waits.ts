// Requests of a job made before the wait was over that a refusal had asked it for.
import { jobOf } from '../../sim/index.ts'
import { metric } from '../metric.ts'

/** What is asked at the very end of a wait is not too soon. */
const TICK_MS = 1

export default metric({
  title: 'waits hammered',
  about: 'requests before a wait was over that the provider asked for; in 100 runs',
  unit: 'count',
  better: 'less',
  restsOn: 'mechanism',
  families: ['budgets'],
  cell: 'in-100-runs',
  measure({ trace }) {
    const untilMs = new Map<string, number>()
    let isTold = false
    let hammered = 0
    for (const event of trace) {
      if (event.kind === 'refusal' && event.retryAfterMs !== undefined) {
        isTold = true
        untilMs.set(jobOf(event.session), event.at + event.retryAfterMs)
      } else if (event.kind === 'request') {
        if (event.at + TICK_MS < (untilMs.get(jobOf(event.session)) ?? 0)) hammered++
      }
    }
    return isTold ? hammered : null
  },
})
