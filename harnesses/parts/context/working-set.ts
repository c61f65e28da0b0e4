// Denning's working set: the rounds that were referenced within the last tau turns. When the window is full
// all others go; where the working set itself is too large, its oldest rounds go too (it thrashes then).
import { estimate } from '../../history/estimate.ts'
import { accesses, turnNow } from '../../history/references.ts'
import { dropTo, type Order, OVERFLOW_SHARE, sizeOf } from '../../history/rounds.ts'
import { type Conversation, part } from '../../kernel.ts'

export default part({
  slot: 'context',
  about: 'when the window is full, drops what was not referenced in the last turns',
  source:
    'P. J. Denning, The working set model for program behavior (1968); tau and what counts as a reference are ours',
  constants: { fullShare: 0.9, tauTurns: 10 },
  policy: ({ fullShare, tauTurns }) => {
    const shrink = (c: Conversation, tokens: number): number => {
      if (sizeOf(c) <= tokens) return 0
      const since = turnNow(c) - tauTurns
      const outside: Order = (rounds) =>
        accesses(rounds, c)
          .filter(({ last }) => last <= since)
          .map(({ round }) => round)
      return dropTo(c, 0, outside) + dropTo(c, tokens)
    }
    return {
      prepare: (c) => void shrink(c, fullShare * c.session.limits.windowTokens),
      overflowed: async (c) => shrink(c, OVERFLOW_SHARE * estimate(c.messages)) > 0,
    }
  },
})
