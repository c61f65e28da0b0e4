// What drops leave of what is still needed: of the atoms that stood in a window while a step needed them, the share
// that no drop took. A drop that takes nothing does not raise it.
import { dropsOf } from '../drops.ts'
import { metric } from '../metric.ts'

export default metric({
  title: 'retention',
  about: 'needed facts in view that no drop took or changed / needed facts that were ever in view',
  unit: 'share',
  better: 'more',
  restsOn: 'calibrated',
  families: ['compaction'],
  measure(run) {
    const { held, isTried, losses } = dropsOf(run)
    if (!isTried) return null
    return 1 - new Set(losses.map(({ what }) => what)).size / held.size
  },
})
