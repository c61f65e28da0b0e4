// Tokens for jobs that were taken back: of the answer under way the share of its time that came after, of later
// ones all, input and output.
import { metric } from '../metric.ts'
import { afterCancel, type Cancelled } from '../service.ts'

function tokensOf({ at, before, after }: Cancelled): number {
  const asked = new Map<string, number>()
  for (const event of before)
    if (event.kind === 'request') asked.set(`${event.session} ${event.n}`, event.at)
  let tokens = 0
  for (const event of after) {
    if (event.kind !== 'generation') continue
    const { input, output } = event.usage
    const askedMs = asked.get(`${event.session} ${event.n}`)
    if (askedMs === undefined) tokens += input + output
    else if (event.at > at) tokens += (output * (event.at - at)) / (event.at - askedMs)
  }
  return tokens
}

export default metric({
  title: 'tokens after cancel',
  about: 'tokens spent for jobs after their users took them back',
  unit: 'tokens',
  better: 'less',
  restsOn: 'mechanism',
  families: ['preemption'],
  measure({ trace }) {
    const cancelled = afterCancel(trace)
    return cancelled === null ? null : cancelled.reduce((sum, job) => sum + tokensOf(job), 0)
  },
})
