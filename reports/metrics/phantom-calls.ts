// Turns that call a tool which is not offered: ENOSYS.
import { metric } from '../metric.ts'
import { isPhantom, turnsOf } from '../turns.ts'

export default metric({
  title: 'phantom calls',
  about: 'turns that call a tool which is not offered, a run',
  unit: 'count',
  better: 'less',
  restsOn: 'calibrated',
  families: ['phantom-calls'],
  measure: ({ trace }) =>
    trace.length === 0 ? null : [...turnsOf(trace)].filter(isPhantom).length,
})
