// The provider's filter takes harmless content for a breach of its policy. Decided anew for each
// request: the same one may pass when it is sent again.
import { rate } from '../core/param.ts'
import { fault, pass, refused } from './index.ts'

export default fault({
  on: 'generate',
  params: { probability: rate('a request is refused for its content', 0.0005) },
  decide({ strikes }, _chance, { probability = 0 }) {
    if (!strikes(probability)) return pass
    const message =
      'Invalid prompt: your prompt was flagged as potentially violating our usage policy. Please try again with a different prompt.'
    return { kind: 'replace', refusal: refused(400, 'invalid_prompt', message) }
  },
})
