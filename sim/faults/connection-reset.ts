// The socket dies: before there is an answer, or in the middle of one.
import { probability, rate } from '../core/param.ts'
import { fault, pass, refused } from './index.ts'

export default fault({
  on: 'generate',
  params: {
    probability: rate('the connection of a request dies', 0.001),
    early: probability('it dies before the first byte of the answer', 0.5),
  },
  decide({ key, strikes }, chance, { probability = 0, early = 0 }) {
    if (!strikes(probability)) return pass
    const draw = (u: () => number): number => (u() < early ? 0 : u())
    const share = chance.sample(`${key}/connection-reset/share`, draw, 0)
    const message = 'The connection was reset by the provider.'
    return { kind: 'cut', share, refusal: refused(0, 'connection_reset', message) }
  },
})
