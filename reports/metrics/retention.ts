// What a drop leaves of the atoms still needed, N: N before and after with the same value / N
// before.
import { dropsOf, newest } from '../drops.ts'
import { metric } from '../metric.ts'
import { average } from '../units.ts'

export default metric({
  title: 'retention',
  about: 'needed facts with the same value after a drop / needed facts before it; mean over drops',
  unit: 'share',
  better: 'more',
  restsOn: 'calibrated',
  families: ['compaction'],
  measure(run) {
    const shares = dropsOf(run).flatMap(({ before, after, needed }) => {
      const then = newest(before)
      const now = newest(after)
      const held = [...needed].filter((key) => then.has(key))
      const kept = held.filter((key) => now.get(key) === then.get(key))
      return held.length === 0 ? [] : kept.length / held.length
    })
    return average(shares)
  },
})
