// Times the model had to read again what it had known, `get-FACT` in the plan: what forgetting costs
// where it does no harm.
import { counted } from '../counting.ts'
import { metric } from '../metric.ts'

export default metric({
  title: 'refetches',
  about: 'facts that had to be read again, a run',
  unit: 'count',
  better: 'less',
  restsOn: 'calibrated',
  families: ['compaction'],
  detail: true,
  measure({ instance, trace }) {
    const steps = new Set(instance.programs.flatMap(({ steps }) => steps.map(({ id }) => id)))
    return counted(
      trace,
      (event) => event.kind === 'plan' && event.step.startsWith('get-') && !steps.has(event.step),
    )
  },
})
