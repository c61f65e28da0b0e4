// The first token is long in coming: a queue, a cold start. The ordinary spread of latency is the
// profile's `pace`: one factor for wait and rate of an answer, for what was published is the spread of
// whole requests, and load slows both. This is the tail of the wait alone; the rate stays as it is.
import { lognormal } from '../core/normal.ts'
import { duration, rate } from '../core/param.ts'
import { fault, pass } from './index.ts'

export default fault({
  on: 'generate',
  params: {
    probability: rate('the first token of an answer is late', 0.01),
    medianMs: duration('the median of what it is late', 10_000),
    spread: { unit: 'sigma of the lognormal', min: 0, max: 5, about: 'of that', usual: 0.8 },
  },
  decide({ key, strikes }, chance, { probability = 0, medianMs = 0, spread = 0 }) {
    if (!strikes(probability)) return pass
    const late = lognormal(spread)
    const id = `${key}/slow-first-token/ms`
    return { kind: 'delay', ms: chance.sample(id, (u) => medianMs * late(u), medianMs) }
  },
})
