// A known fault. The slice ends whether anybody waits or not, the text so far is saved under the call's id,
// and no one ever loads it on the path of a provider's API: the request is made again from its beginning.
// An answer longer than a slice never ends; only the machine's bound on requests ends the run, as stuck.
import { part } from '../../kernel.ts'
import { slicing } from '../../turns/slices.ts'

export default part({
  slot: 'scheduler',
  about: 'known fault: an answer longer than its slice starts over, for ever',
  source: 'AIOS@2155966, context/simple_context.py and llm adapter (read in source)',
  constants: { sliceMs: 1000, toolCallsPreemptible: 0, answersAtOnce: 1 },
  policy: ({ sliceMs, ...rules }) =>
    slicing({
      ...rules,
      onPreempt: 'discard',
      isStrict: true,
      rank: () => 0,
      sliceMs: () => sliceMs,
    }),
})
