// The reliable pass rate: solved without a single hallucinated call on the way, beside those that were placed.
// Most of it is the model's; what a harness adds is that one lapse does not bring the next.
import { metric } from '../metric.ts'
import { hallucinated, turnsOf } from '../turns.ts'

export default metric({
  title: 'reliable pass',
  about: 'runs solved without one hallucinated call beside the placed ones / runs',
  unit: 'share',
  better: 'more',
  restsOn: 'calibrated',
  families: ['phantom-calls'],
  detail: true,
  measure: ({ trace, solved }) =>
    trace.length === 0
      ? null
      : Number(
          solved &&
            turnsOf(trace).every((turn) => turn.isForced || hallucinated(turn).length === 0),
        ),
})
