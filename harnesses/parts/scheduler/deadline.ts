// Earliest deadline first: the answer of the job that is due soonest comes first, jobs without a deadline last.
// What can be done in time at all is done in time so, where answers give way at once. Where not all can be,
// it is open which are late: one that cannot be saved still goes before those that can.
import { part } from '../../kernel.ts'
import { slicing } from '../../turns/slices.ts'

export default part({
  slot: 'scheduler',
  about: "the answer of the job that is due soonest comes first; others' give way at once",
  source: 'Liu and Layland, JACM 1973; no agent harness is known to have it (assumed)',
  constants: { preemptive: 1, onPreempt: 'discard', toolCallsPreemptible: 1, answersAtOnce: 1 },
  policy: ({ preemptive, ...rules }) =>
    slicing({
      ...rules,
      isPreemptive: Number(preemptive) === 1,
      rank: ({ session }) => session.job.deadlineMs ?? Number.POSITIVE_INFINITY,
    }),
})
