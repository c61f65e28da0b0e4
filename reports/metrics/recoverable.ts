// Of what drops took, how much could still be had, each time that it was taken: its place is in view, or a store
// really returned it later. Whether anybody went for it is another question. @see usable-recall
import { dropsOf } from '../drops.ts'
import { metric } from '../metric.ts'

export default metric({
  title: 'recoverable',
  about: 'needed facts that drops took, their place in view or later told by a store / taken',
  unit: 'share',
  better: 'more',
  restsOn: 'mechanism',
  families: ['compaction'],
  detail: true,
  measure(run) {
    const { losses } = dropsOf(run)
    const taken = new Set(losses.map(({ what }) => what))
    const gone = new Set(losses.filter((loss) => !loss.isRecoverable).map(({ what }) => what))
    return taken.size === 0 ? null : 1 - gone.size / taken.size
  },
})
