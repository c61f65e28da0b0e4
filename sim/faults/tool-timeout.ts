// A tool does nothing, and never answers: the caller sees the time-out that a lost answer shows, too.
import { duration, rate } from '../core/param.ts'
import { fault, pass, timedOut } from './index.ts'

export default fault({
  on: 'call',
  params: {
    probability: rate('a call is never carried out, and never answered', 0.001),
    waitMs: duration('how long the caller waits', 30_000),
  },
  decide({ strikes }, _chance, { probability = 0, waitMs = 0 }) {
    if (!strikes(probability)) return pass
    return { kind: 'fail', ...timedOut(waitMs) }
  },
})
