// From the moment that a job is taken back until the last request, answer, call or effect of its sessions.
import { metric } from '../metric.ts'
import { afterCancel } from '../service.ts'
import { average } from '../units.ts'

const WORK = new Set(['request', 'generation', 'refusal', 'call', 'effect'])

export default metric({
  title: 'time to stop',
  about: 'virtual ms from taking a job back to the last that is done for it',
  unit: 'ms',
  better: 'less',
  restsOn: 'mechanism',
  families: ['preemption'],
  measure({ trace }) {
    const cancelled = afterCancel(trace)
    if (cancelled === null) return null
    return average(
      cancelled.map(({ at, after }) => {
        const last = after.findLast(({ kind }) => WORK.has(kind))
        return (last?.at ?? at) - at
      }),
    )
  },
})
