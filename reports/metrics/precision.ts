// How much of what a drop leaves is still needed. Of the kinds that a step can need, or a `done`
// that rightly stays would count against the harness.
import { dropsOf } from '../drops.ts'
import { metric } from '../metric.ts'
import { average } from '../units.ts'

const NEEDABLE: ReadonlySet<string> = new Set(['fact', 'place', 'choice'])

export default metric({
  title: 'precision',
  about:
    'facts, places and choices left by a drop that are still needed / all left; mean over drops',
  unit: 'share',
  better: 'more',
  restsOn: 'mechanism',
  families: ['compaction'],
  detail: true,
  measure(run) {
    const shares = dropsOf(run).flatMap(({ after, needed }) => {
      const left = after.filter(({ kind }) => NEEDABLE.has(kind))
      const wanted = left.filter(({ key }) => needed.has(key))
      return left.length === 0 ? [] : wanted.length / left.length
    })
    return average(shares)
  },
})
