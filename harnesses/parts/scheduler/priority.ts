// The most urgent job's answer comes first; among equals who came first. The answer under way is finished,
// or, with `preemptive` 1, gives way at once. Nobody ages: who is never the most urgent waits for ever.
import { part } from '../../kernel.ts'
import { slicing } from '../../turns/slices.ts'

export default part({
  slot: 'scheduler',
  about: "the most urgent job's answer comes first",
  source:
    'the textbook (Silberschatz, Operating System Concepts); no agent harness is known to have it (assumed)',
  constants: { preemptive: 0, onPreempt: 'discard', toolCallsPreemptible: 1, answersAtOnce: 1 },
  policy: ({ preemptive, ...rules }) =>
    slicing({
      ...rules,
      isPreemptive: Number(preemptive) === 1,
      rank: ({ session }) => -session.job.priority,
    }),
})
