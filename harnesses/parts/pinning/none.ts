// Nothing is pinned but the system prompt: what the loop does by itself.
import { part } from '../../kernel.ts'

export default part({
  slot: 'pinning',
  about: 'nothing is kept but the system prompt',
  source: 'most loops; the task goes when its turn comes',
  policy: {},
})
