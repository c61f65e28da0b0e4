// The provider refuses a request for its length although it would have fitted: it counts otherwise than
// the client does, or routes to a model with a smaller window.
import { rate } from '../core/param.ts'
import { fault, pass, refused } from './index.ts'

export default fault({
  on: 'generate',
  params: { probability: rate('a request that fits is refused for its length', 0.0002) },
  decide({ strikes }, _chance, { probability = 0 }) {
    if (!strikes(probability)) return pass
    const message =
      'Your input exceeds the context window of this model. Please adjust your input and try again.'
    return { kind: 'replace', refusal: refused(400, 'context_length_exceeded', message) }
  },
})
