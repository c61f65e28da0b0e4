// Paging by recency: a page is a round, and the round goes first whose last reference lies farthest back. With
// `hits` above 1 it is LRU-K as AIOS had it in its tree of 2024 (LRU_K_Replacer): rounds with fewer references
// than that go before all others, the oldest first. What is pinned is what it calls not evictable.

import { accesses } from '../../history/references.ts'
import { dropping } from '../../history/rounds.ts'
import { part } from '../../kernel.ts'

export default part({
  slot: 'context',
  about: 'drops the round that was referenced least recently',
  source:
    'LRU: operating systems; LRU-K: AIOS, tree of 2024 (read in source); what counts as a reference is ours',
  constants: { fullShare: 0.9, hits: 1 },
  policy: ({ fullShare, hits: wanted }) =>
    dropping(fullShare, (rounds, c) => {
      const all = accesses(rounds, c)
      const few = all.filter(({ hits }) => hits < wanted)
      const many = all.filter(({ hits }) => hits >= wanted)
      return [...few, ...many.toSorted((a, b) => a.last - b.last)].map(({ round }) => round)
    }),
})
