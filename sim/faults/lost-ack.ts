// A tool did what it was asked, and the answer was lost: the caller sees a time-out.
import { rate } from '../core/param.ts'
import { fault, pass } from './index.ts'

export default fault({
  on: 'call',
  params: { probability: rate('the answer of a call is lost', 0.002) },
  decide({ key }, chance, params) {
    if (!chance.flip(`${key}/lost-ack`, params.probability ?? 0)) return pass
    return { kind: 'drop', message: 'Error: the call timed out after 30000 ms.' }
  },
})
