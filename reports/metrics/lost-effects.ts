// Effects that a task asks for and that are not there at the end, where the machine went down on the way or was
// to. By what they act on: a file with wrong words in it is there.
import { metric } from '../metric.ts'
import { missingIn } from '../missing.ts'

export default metric({
  title: 'lost effects',
  about: 'effects that a task asks for and a run with a crash ends without; in 100 runs',
  unit: 'count',
  better: 'less',
  restsOn: 'mechanism',
  families: ['crash-resume', 'nondeterminism'],
  cell: 'in-100-runs',
  measure(run) {
    const { instance, trace } = run
    if (trace.length === 0) return null
    // Who never comes to a crash that was placed has lost what it never did.
    const isPlaced = instance.hazards.some(({ id }) => id.endsWith('/crash'))
    if (!isPlaced && !trace.some(({ kind }) => kind === 'crash')) return null
    return missingIn(run).length
  },
})
