// Keeps the system prompt and drops the oldest turns until an estimate fits the window: what most loops
// written in an afternoon do. The task goes when its turn comes, unless it is pinned.

import { dropping } from '../../history/rounds.ts'
import { part } from '../../kernel.ts'

export default part({
  slot: 'context',
  about: 'drops the oldest turns, system prompt excepted, at 90 % of the window',
  source:
    'the trim helpers of the common agent frameworks (last n messages or tokens, system kept)',
  // Filled at most, for the answer needs room too.
  constants: { fullShare: 0.9 },
  policy: ({ fullShare }) => dropping(fullShare),
})
