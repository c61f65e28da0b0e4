// 429 from the provider, with the wait it asks for in `retry-after`.
import { duration, rate } from '../core/param.ts'
import { fault, pass } from './index.ts'

export default fault({
  on: 'generate',
  params: {
    probability: rate('a request is refused for its rate', 0.005),
    retryAfterMs: duration('the wait that the refusal asks for', 2000),
  },
  decide({ key }, chance, params) {
    if (!chance.flip(`${key}/rate-limit`, params.probability ?? 0)) return pass
    return {
      kind: 'replace',
      refusal: {
        kind: 'refused',
        status: 429,
        code: 'rate_limit_exceeded',
        message: 'Rate limit reached for requests. Please try again later.',
        retryAfterMs: params.retryAfterMs ?? 1000,
      },
    }
  },
})
