// 429 from the provider, without a word on how long to wait: the client has to know.
import { rate } from '../core/param.ts'
import { fault, pass, refused } from './index.ts'

export default fault({
  on: 'generate',
  params: { probability: rate('a request is refused for its rate, without a wait', 0.002) },
  decide({ strikes }, _chance, { probability = 0 }) {
    if (!strikes(probability)) return pass
    const message = 'Rate limit reached for requests. Please try again later.'
    return { kind: 'replace', refusal: refused(429, 'rate_limit_exceeded', message) }
  },
})
