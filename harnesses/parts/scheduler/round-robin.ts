// One answer at a time, each for a slice; who is not done goes to the tail of the line. A slice ends only where
// somebody waits. AIOS's paper saves the generation and goes on from there (`resume`); what its code does is
// `preempt-and-restart`. A slice shorter than every answer never comes to an end with `discard`.
import { part } from '../../kernel.ts'
import { slicing } from '../../turns/slices.ts'

export default part({
  slot: 'scheduler',
  about: 'answers take turns at the model, a slice each; what is pre-empted goes to the tail',
  source:
    'AIOS, arXiv 2403.16971 (abstract read) and rr_scheduler.py (read in source): slice 1 s, 5 s in the tree of 2024',
  constants: { sliceMs: 1000, onPreempt: 'resume', toolCallsPreemptible: 0, answersAtOnce: 1 },
  policy: ({ sliceMs, ...rules }) => slicing({ ...rules, rank: () => 0, sliceMs: () => sliceMs }),
})
