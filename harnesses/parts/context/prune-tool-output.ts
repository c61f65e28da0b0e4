// opencode's pruning (session/compaction.ts, read in source): going back from the newest, the last two turns of
// the user are skipped, so many tokens of results protected, and older results cleared if that gains enough.
// Results of errors and of skills stay; it stops at what was pruned before. A job is one turn of the user, so
// that within one nothing is old enough, as in opencode itself; with `skipUserTurns` at 0 it is.
import { estimate } from '../../history/estimate.ts'
import { CLEARED, clear, resultsIn, type Told } from '../../history/results.ts'
import { part } from '../../kernel.ts'

export default part({
  slot: 'context',
  about: 'clears results older than the newest tokens of them, if that gains enough',
  source: 'opencode: SessionCompaction.prune, PRUNE_PROTECT, PRUNE_MINIMUM (read in source)',
  constants: {
    skipUserTurns: 2,
    protectTokens: 40_000,
    gainTokens: 20_000,
    protectedTools: ['skill'],
  },
  policy: ({ skipUserTurns, protectTokens, gainTokens, protectedTools }) => ({
    prepare(c) {
      const users = c.messages.flatMap(({ role }, at) => (role === 'user' ? [at] : []))
      const end = skipUserTurns < 1 ? c.messages.length : (users.at(-skipUserTurns) ?? 0)
      const old: Told[] = []
      let total = 0
      let gained = 0
      for (const told of resultsIn(c.messages.slice(0, end)).toReversed()) {
        const { message, tool } = told
        if (message.content === CLEARED) break
        if (message.isError === true || protectedTools.some((name) => name === tool)) continue
        const tokens = estimate([message])
        total += tokens
        if (total <= protectTokens * c.scale || c.isPinned(message)) continue
        gained += tokens
        old.push(told)
      }
      if (gained > gainTokens * c.scale) clear(c, old)
    },
  }),
})
