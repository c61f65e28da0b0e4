// Of what a drop took, how much could still be had: its place is in view, or a store really returned it later.
// Whether anybody went for it is another question. @see usable-recall
import { dropsOf, newest } from '../drops.ts'
import { metric } from '../metric.ts'
import { average } from '../units.ts'

export default metric({
  title: 'recoverable',
  about: 'needed facts gone at a drop, their place in view or later told by a store / gone; mean',
  unit: 'share',
  better: 'more',
  restsOn: 'mechanism',
  families: ['compaction'],
  detail: true,
  measure(run) {
    const shares = dropsOf(run).flatMap(({ before, after, needed, later }) => {
      const then = newest(before)
      const now = newest(after)
      const gone = [...needed].filter((key) => then.has(key) && now.get(key) !== then.get(key))
      const found = gone.filter((key) => {
        const name = key.slice(key.indexOf(':') + 1)
        const isPlaced = !key.startsWith('place:') && now.has(`place:${name}`)
        return isPlaced || later(key) === then.get(key)
      })
      return gone.length === 0 ? [] : found.length / gone.length
    })
    return average(shares)
  },
})
