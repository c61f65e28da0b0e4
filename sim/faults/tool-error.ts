// A tool fails: nothing is done, and it says that something broke, not what.
import { rate } from '../core/param.ts'
import { fault, pass } from './index.ts'

export default fault({
  on: 'call',
  params: { probability: rate('a call fails without doing anything', 0.005) },
  decide({ strikes }, _chance, { probability = 0 }) {
    if (!strikes(probability)) return pass
    const message = 'Error: the tool failed with an internal error (500).'
    return { kind: 'fail', message, afterMs: 0 }
  },
})
