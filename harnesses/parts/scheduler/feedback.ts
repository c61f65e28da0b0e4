// A feedback queue of several levels: a job begins at the top, sinks a level with each slice that it uses up,
// and the lower the level the longer the slice. Short answers come through at once, long ones are seldom
// cut. No job rises again: many short ones keep a long one waiting.
import { type Conversation, part } from '../../kernel.ts'
import { slicing } from '../../turns/slices.ts'

const LEVEL = 'scheduler.level'

const levelOf = ({ memo }: Conversation): number => Number(memo.get(LEVEL) ?? 0)

export default part({
  slot: 'scheduler',
  about: 'answers sink a level with each slice they use up; lower levels have longer slices',
  source:
    'Corbató et al., An Experimental Time-Sharing System, 1962; no agent harness is known to have it (assumed)',
  constants: {
    levels: 3,
    sliceMs: 1000,
    growth: 2,
    onPreempt: 'resume',
    toolCallsPreemptible: 1,
    answersAtOnce: 1,
  },
  policy: ({ levels, sliceMs, growth, ...rules }) =>
    slicing({
      ...rules,
      isPreemptive: true,
      rank: levelOf,
      sliceMs(c) {
        let slice = Number(sliceMs)
        for (let level = levelOf(c); level > 0; level--) slice *= growth
        return slice
      },
      used: (c) => void c.memo.set(LEVEL, Math.min(levelOf(c) + 1, levels - 1)),
    }),
})
