// The whole machine goes down before an event, and is booted again on the same disk.
import { rate } from '../core/param.ts'
import { fault, pass } from './index.ts'

export default fault({
  on: 'event',
  params: { probability: rate('the machine goes down before an event', 0) },
  decide({ strikes }, _chance, params) {
    return strikes(params.probability ?? 0) ? { kind: 'crash' } : pass
  },
})
