// Shares among users, not among their jobs: next is the answer of the user who has had the model for the least
// time so far, and a slice ends where one of another user waits who has had less. A newcomer begins where
// the least served of those who are there stands, or it could make up for the time it was away.
import { type Conversation, part } from '../../kernel.ts'
import { slicing } from '../../turns/slices.ts'

const SERVED = 'scheduler.served'

/** Virtual milliseconds at the model, by user, of a boot. */
function servedOf({ shared }: Conversation): Map<string, number> {
  const known = shared.get(SERVED)
  if (known instanceof Map) return known
  const served = new Map<string, number>()
  shared.set(SERVED, served)
  return served
}

function rank(c: Conversation): number {
  const served = servedOf(c)
  const { user } = c.session.job
  const known = served.get(user)
  if (known !== undefined) return known
  const least = served.size === 0 ? 0 : Math.min(...served.values())
  served.set(user, least)
  return least
}

export default part({
  slot: 'scheduler',
  about: 'users take turns at the model, a slice each, whatever the number of their jobs',
  source: 'Kay and Lauder, CACM 1988; CFS of Linux; no agent harness is known to have it (assumed)',
  constants: { sliceMs: 1000, onPreempt: 'resume', toolCallsPreemptible: 1, answersAtOnce: 1 },
  policy: ({ sliceMs, ...rules }) =>
    slicing({
      ...rules,
      rank,
      sliceMs: () => sliceMs,
      used: (c) => void servedOf(c).set(c.session.job.user, rank(c) + sliceMs),
    }),
})
