// How many of all calls are hallucinated: of a tool that is not offered, with arguments that are no JSON, or
// others than a model without a lapse would have made (Relign, arXiv 2412.04141, by its classes).
import { metric } from '../metric.ts'
import { hallucinated, turnsOf } from '../turns.ts'

export default metric({
  title: 'hallucination rate',
  about: 'calls that are not offered, no JSON, or not what was meant / calls',
  unit: 'share',
  better: 'less',
  restsOn: 'calibrated',
  families: ['phantom-calls'],
  detail: true,
  measure({ trace }) {
    let [calls, wrong] = [0, 0]
    for (const turn of turnsOf(trace)) {
      calls += turn.calls.length
      wrong += hallucinated(turn).length
    }
    return calls === 0 ? null : wrong / calls
  },
})
