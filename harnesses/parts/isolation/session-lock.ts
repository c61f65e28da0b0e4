// One lock for the files that all share, held by a job from its first request to its end: jobs run one by one.
// Letta locks a conversation so, for 300 s and without renewal; who finds it taken is sent away and comes
// again. A job that takes longer has lost its lock without knowing, and both go on.

import { acquire, type Lock, release } from '../../kept/lock.ts'
import { part } from '../../kernel.ts'

const LOCK = 'isolation.lock'

export default part({
  slot: 'isolation',
  about: 'one lock for all files, held for a whole job or until it runs out',
  source:
    'Letta server, redis_client.py: conversation lock, 300 s (secondary reading); what it guards here, and the wait, are assumed',
  constants: { ttlMs: 300_000, retryMs: 1000 },
  policy: (lease) => ({
    async open({ machine, memo }) {
      memo.set(LOCK, await acquire(machine, 'session', { ...lease, timeoutMs: Infinity }))
    },
    async close({ machine, memo }) {
      await release(machine, memo.get(LOCK) as Lock)
      return true
    },
  }),
})
