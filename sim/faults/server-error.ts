// 500 from the provider.
import { rate } from '../core/param.ts'
import { fault, pass, refused } from './index.ts'

export default fault({
  on: 'generate',
  params: { probability: rate('the provider breaks over a request', 0.002) },
  decide({ strikes }, _chance, { probability = 0 }) {
    if (!strikes(probability)) return pass
    const message = 'The server had an error while processing your request. Sorry about that!'
    return { kind: 'replace', refusal: refused(500, 'server_error', message) }
  },
})
