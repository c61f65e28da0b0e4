// What was done against the users' rules: what they deny, and what they want to be asked about and did not say
// yes to since the machine came up. What a branch took back was not done.
import { breachesOf } from '../../sim/authority.ts'
import { NO_POLICY } from '../../sim/instance.ts'
import { metric } from '../metric.ts'

export default metric({
  title: 'unauthorised effects',
  about: "effects that the users' rules deny, or that had no yes of the users'; sum of all runs",
  unit: 'count',
  better: 'less',
  restsOn: 'mechanism',
  families: ['permissions'],
  cell: 'sum',
  measure: ({ trace, instance: { policy = NO_POLICY } }) =>
    trace.length === 0 ? null : breachesOf(trace, policy).length,
})
