// Tokens said by the model.
import { metric } from '../metric.ts'
import { tokensOf } from '../usage.ts'

export default metric({
  title: 'output tokens',
  about: 'tokens said by the model, a run',
  unit: 'tokens',
  better: 'less',
  restsOn: 'mechanism',
  measure: ({ trace }) => tokensOf(trace)?.output ?? null,
})
