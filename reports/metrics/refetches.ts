// Times the model went back for what had been in its window: what forgetting costs where it does no
// harm. The plan calls it `get-FACT` or `find-FACT`, and in a memory `recall-FACT` or `look-up-FACT`;
// the first time, when nothing was forgotten, as well.
import { atomsIn, jobOf } from '../../sim/index.ts'
import { metric } from '../metric.ts'

export default metric({
  title: 'refetches',
  about: 'facts looked up again that had been in view, a run',
  unit: 'count',
  better: 'less',
  restsOn: 'calibrated',
  families: ['compaction'],
  detail: true,
  measure({ trace }) {
    if (trace.length === 0) return null
    const seen = new Set<string>()
    let again = 0
    for (const event of trace) {
      if (event.kind === 'request' && event.purpose === 'work') {
        for (const [, { content }] of event.added)
          for (const { kind, name } of atomsIn(content))
            if (kind === 'fact')
              seen.add(`${jobOf(event.session)} ${name.replaceAll(/[./]/g, '_')}`)
      }
      if (event.kind !== 'plan') continue
      const fact = /^(?:get|find|recall|look-up)-(.+)$/.exec(event.step)?.[1]
      if (fact !== undefined && seen.has(`${jobOf(event.session)} ${fact}`)) again++
    }
    return again
  },
})
