// How much of the windows of a run that drops is what is still needed, each of it counted once a window. In
// characters, which go with tokens: the prose of results counts against a harness as it does in its bill. Over all
// requests, so that nothing is gained by dropping more often.
import { dropsOf } from '../drops.ts'
import { metric } from '../metric.ts'

export default metric({
  title: 'precision',
  about: 'of the characters in view, over all requests of a run with drops, those still needed',
  unit: 'share',
  better: 'more',
  restsOn: 'mechanism',
  families: ['compaction'],
  detail: true,
  measure(run) {
    const { isDropped, chars, neededChars } = dropsOf(run)
    return isDropped && chars > 0 ? neededChars / chars : null
  },
})
