// The stream ends in the middle, in text or in a call's arguments, without a finish reason and without
// [DONE]: a proxy that gave up. Who does not stream sees the connection die.
import { rate } from '../core/param.ts'
import { fault, pass, refused } from './index.ts'

export default fault({
  on: 'generate',
  params: { probability: rate('an answer ends in the middle of its stream', 0.001) },
  decide({ key, strikes }, chance, { probability = 0 }) {
    if (!strikes(probability)) return pass
    const share = chance.sample(`${key}/stream-cut/share`, (u) => u(), 0.5)
    const message = 'The stream ended without a finish reason.'
    return { kind: 'cut', share, refusal: refused(0, 'stream_cut', message) }
  },
})
