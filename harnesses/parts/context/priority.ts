// Value density: what is worth least for its size goes first. Worth is by kind, and is ours: errors are worth
// nothing, then comes what was only looked at and can be looked at again, then what was said, then deeds, which
// the model must not do twice, then what users said. So a large file goes before a small one or a small deed.
import { estimate } from '../../history/estimate.ts'
import { onlyReads } from '../../history/references.ts'
import { dropping, type Round } from '../../history/rounds.ts'
import { type Conversation, part } from '../../kernel.ts'

type Kind = 'error' | 'read' | 'said' | 'deed' | 'user'

function kindOf({ messages: [first, ...results] }: Round, c: Conversation): Kind {
  const calls = first?.calls ?? []
  if (calls.length === 0) return first?.role === 'assistant' ? 'said' : 'user'
  if (results.every(({ isError }) => isError === true)) return 'error'
  return calls.every(({ name }) => onlyReads(c, name)) ? 'read' : 'deed'
}

export default part({
  slot: 'context',
  about: 'drops what is worth least for its size: errors, then large reads; deeds and users last',
  source: 'ours: a knapsack by value density, with worth by kind of round',
  constants: {
    fullShare: 0.9,
    errorWorth: 0,
    readWorth: 4,
    saidWorth: 8,
    deedWorth: 64,
    userWorth: 256,
  },
  policy: ({ fullShare, errorWorth, readWorth, saidWorth, deedWorth, userWorth }) => {
    const worth: Readonly<Record<Kind, number>> = {
      error: errorWorth,
      read: readWorth,
      said: saidWorth,
      deed: deedWorth,
      user: userWorth,
    }
    return dropping(fullShare, (rounds, c) =>
      rounds
        .map((round) => {
          const tokens = Math.max(1, estimate(round.messages))
          return { round, density: worth[kindOf(round, c)] / tokens }
        })
        .toSorted((a, b) => a.density - b.density)
        .map(({ round }) => round),
    )
  },
})
