// A tool did what it was asked, and the answer was lost: the caller sees a time-out.
import { duration, rate } from '../core/param.ts'
import { fault, pass, timedOut } from './index.ts'

export default fault({
  on: 'call',
  params: {
    probability: rate('the answer of a call is lost', 0.002),
    waitMs: duration('how long the caller waits', 30_000),
  },
  decide({ strikes }, _chance, { probability = 0, waitMs = 0 }) {
    if (!strikes(probability)) return pass
    return { kind: 'drop', ...timedOut(waitMs) }
  },
})
