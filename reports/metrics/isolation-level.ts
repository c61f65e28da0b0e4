// The strongest isolation level that a run does not refute, by its number in `LEVELS`, and of many runs the least:
// a level that was refuted once is refuted. What is not refuted is not proven: it means as much as the pairs that
// were tried. None is claimed where files are apart from the world's.
import { LEVELS } from '../isolation/index.ts'
import { isolationIn, metric } from '../metric.ts'

export default metric({
  title: 'isolation level',
  about: 'the strongest that no run refutes; it means as much as the conflicting pairs',
  unit: 'count',
  better: 'more',
  restsOn: 'mechanism',
  families: ['isolation'],
  cell: 'least',
  names: ['none', ...LEVELS.map(({ name }) => name)],
  measure(run) {
    return isolationIn(run).level
  },
})
