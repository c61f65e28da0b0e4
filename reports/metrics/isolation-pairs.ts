// How much isolation was tried: pairs of transactions whose jobs were open at the same time and of which one
// depends on the other. What is said of a level is worth as much as these.
import { isolationIn, metric } from '../metric.ts'

export default metric({
  title: 'conflicting pairs',
  about: 'pairs of transactions that met over a file, in jobs open at the same time; in 100 runs',
  unit: 'count',
  better: 'more',
  restsOn: 'mechanism',
  families: ['isolation'],
  detail: true,
  cell: 'in-100-runs',
  measure(run) {
    if (run.trace.length === 0) return null
    return isolationIn(run).pairs
  },
})
