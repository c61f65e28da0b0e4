// The strongest isolation level that a run does not refute, by its number in `LEVELS`. What is not refuted is not
// proven: it means as much as the pairs that were tried. None is claimed where files are apart from the world's.
import { isolationIn, metric } from '../metric.ts'

export default metric({
  title: 'isolation level',
  about:
    'not refuted: 1, 2 read un-, committed, 3 cursor, 4 snapshot, 5 repeatable, 6, 7 (strict) serial',
  unit: 'count',
  better: 'more',
  restsOn: 'mechanism',
  families: ['isolation'],
  measure(run) {
    return isolationIn(run).level
  },
})
