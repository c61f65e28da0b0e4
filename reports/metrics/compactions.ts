// Requests that ask for a summary of the conversation.
import { counted } from '../counting.ts'
import { metric } from '../metric.ts'

export default metric({
  title: 'compactions',
  about: 'requests for a summary of the conversation, a run',
  unit: 'count',
  better: 'less',
  restsOn: 'mechanism',
  families: ['compaction'],
  detail: true,
  measure: ({ trace }) =>
    counted(trace, (event) => event.kind === 'request' && event.purpose === 'compaction'),
})
