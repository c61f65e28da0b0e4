// How much of the input a provider's prompt cache would have served: what edits of the past cost.
import { metric } from '../metric.ts'
import { tokensOf } from '../usage.ts'

export default metric({
  title: 'cached',
  about: 'input tokens equal to the start of the last request / input tokens',
  unit: 'share',
  better: 'more',
  restsOn: 'mechanism',
  measure({ trace }) {
    const tokens = tokensOf(trace)
    return tokens === null || tokens.input === 0 ? null : tokens.cached / tokens.input
  },
})
