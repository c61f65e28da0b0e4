// How much of the window that a drop leaves is what is still needed, each of it counted once. In characters, which
// go with tokens: the prose of results counts against a harness as it does in its bill.
import { atom } from '../../sim/index.ts'
import { dropsOf, newest } from '../drops.ts'
import { metric } from '../metric.ts'
import { average } from '../units.ts'

export default metric({
  title: 'precision',
  about: 'of the window after a drop, in characters, what is still needed; mean over drops',
  unit: 'share',
  better: 'more',
  restsOn: 'mechanism',
  families: ['compaction'],
  detail: true,
  measure(run) {
    const shares = dropsOf(run).flatMap(({ after, afterChars, needed }) => {
      if (afterChars === 0) return []
      const kinds = new Map(after.map(({ key, kind }) => [key, kind]))
      let chars = 0
      for (const [key, value] of newest(after)) {
        const kind = kinds.get(key)
        if (kind === undefined || !needed.has(key)) continue
        chars += atom(kind, key.slice(kind.length + 1), value).length
      }
      return chars / afterChars
    })
    return average(shares)
  },
})
