// 429 from the provider, with the wait it asks for in `retry-after`.
import { duration, rate } from '../core/param.ts'
import { fault, pass, refused } from './index.ts'

export default fault({
  on: 'generate',
  params: {
    probability: rate('a request is refused for its rate', 0.005),
    retryAfterMs: duration('the wait that the refusal asks for', 2000),
  },
  decide({ strikes }, _chance, { probability = 0, retryAfterMs = 0 }) {
    if (!strikes(probability)) return pass
    const message = 'Rate limit reached for requests. Please try again later.'
    return { kind: 'replace', refusal: refused(429, 'rate_limit_exceeded', message, retryAfterMs) }
  },
})
