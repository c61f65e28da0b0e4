// Tokens sent to the model, each request counted whole.
import { metric } from '../metric.ts'
import { tokensOf } from '../usage.ts'

export default metric({
  title: 'input tokens',
  about: 'tokens sent to the model, a run',
  unit: 'tokens',
  better: 'less',
  restsOn: 'mechanism',
  measure: ({ trace }) => tokensOf(trace)?.input ?? null,
})
