// A tool says that all went well, and did nothing: a receipt without the effect; of a reading, nothing.
import { rate } from '../core/param.ts'
import { fault, pass } from './index.ts'

export default fault({
  on: 'call',
  params: { probability: rate('a call does nothing and says that it did', 0.0005) },
  decide({ strikes }, _chance, { probability = 0 }) {
    return strikes(probability) ? { kind: 'hollow' } : pass
  },
})
