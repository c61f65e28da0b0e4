// Requests of all kinds, refused ones as well.
import { counted } from '../counting.ts'
import { metric } from '../metric.ts'

export default metric({
  title: 'requests',
  about: 'requests to the model, a run',
  unit: 'count',
  better: 'less',
  restsOn: 'mechanism',
  measure: ({ trace }) => counted(trace, (event) => event.kind === 'request'),
})
