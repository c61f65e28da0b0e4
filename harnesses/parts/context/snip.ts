// The second of Claude Code's five stages: old segments are dropped without a summary, beyond a threshold down
// to a lower one, so that a prompt cache holds in between. The count of tokens that the provider told for the
// last answer does not know of it, so what was freed is taken off it for the later stages, and told in `memo`
// (Claude Code hands the number on to its last stage). Which segments go is not published: here the oldest.

import { dropTo, sizeOf } from '../../history/rounds.ts'
import { part } from '../../kernel.ts'

/** Where `memo` has the estimated tokens that were dropped so far. */
export const FREED = 'context.snip.freedTokens'

export default part({
  slot: 'context',
  about: 'drops old segments beyond a threshold, and tells later stages what that freed',
  source: 'Claude Code, stage 2 of 5 (arXiv 2604.14228); both thresholds are assumed',
  constants: { fullShare: 0.75, keepShare: 0.6 },
  policy: ({ fullShare, keepShare }) => ({
    prepare(c) {
      const { windowTokens } = c.session.limits
      const { usage } = c
      if (sizeOf(c) <= fullShare * windowTokens) return
      const freedTokens = dropTo(c, keepShare * windowTokens)
      const freedBefore = c.memo.get(FREED)
      c.memo.set(FREED, (typeof freedBefore === 'number' ? freedBefore : 0) + freedTokens)
      c.usage = usage && { ...usage, input: Math.max(0, usage.input - freedTokens) }
    },
  }),
})
