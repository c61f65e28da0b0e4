// Calls whose arguments are not JSON, whatever the harness then makes of them.
import { isWellFormed } from '../../sim/guesses.ts'
import { metric } from '../metric.ts'
import { turnsOf } from '../turns.ts'

export default metric({
  title: 'malformed calls',
  about: 'calls whose arguments are not JSON, a run',
  unit: 'count',
  better: 'less',
  restsOn: 'calibrated',
  families: ['phantom-calls'],
  detail: true,
  measure({ trace }) {
    if (trace.length === 0) return null
    const calls = [...turnsOf(trace)].flatMap((turn) => turn.calls)
    return calls.filter((call) => !isWellFormed(call)).length
  },
})
