// 529: the provider has too much to do. Anthropic's status; others say 503 for it.
// @see https://docs.anthropic.com/en/api/errors (2026)
import { rate } from '../core/param.ts'
import { fault, pass, refused } from './index.ts'

export default fault({
  on: 'generate',
  params: { probability: rate('the provider is too busy for a request', 0.002) },
  decide({ strikes }, _chance, { probability = 0 }) {
    if (!strikes(probability)) return pass
    return { kind: 'replace', refusal: refused(529, 'overloaded_error', 'Overloaded') }
  },
})
