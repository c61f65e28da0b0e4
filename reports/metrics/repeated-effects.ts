// Effects that must happen once and happened again: the same operation on the same key with the
// same value.
import { metric } from '../metric.ts'
import { groupBy } from '../units.ts'

export default metric({
  title: 'repeated effects',
  about: 'effects that must happen once and happened more than once; in 100 runs',
  unit: 'count',
  better: 'less',
  restsOn: 'mechanism',
  families: ['compaction', 'crash-resume', 'phantom-calls', 'preemption'],
  cell: 'in-100-runs',
  measure({ instance, trace }) {
    const steps = instance.programs.flatMap((program) => program.steps)
    const once = new Set(steps.filter(({ effect }) => effect === 'once').map(({ call }) => call.op))
    if (once.size === 0 || trace.length === 0) return null
    const done = trace.flatMap((event) =>
      event.kind === 'effect' && once.has(event.op) ? [event] : [],
    )
    const groups = groupBy(done, ({ op, key, value }) => JSON.stringify([op, key, value]))
    return [...groups.values()].filter((same) => same.length > 1).length
  },
})
