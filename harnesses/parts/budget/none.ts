// No bound of its own.
import { part } from '../../kernel.ts'

export default part({
  slot: 'budget',
  about: 'no bound of its own',
  source: 'Pi 0.73.1: no maximum of turns (read in source)',
  policy: {},
})
