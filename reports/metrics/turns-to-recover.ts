// From a job's first phantom call on: turns until a call that is offered. A restricted mean: a job
// that never recovers counts as HORIZON, so giving up is not quicker than recovering late.
import { metric } from '../metric.ts'
import { isPhantom, type Turn, turnsOf } from '../turns.ts'
import { average, groupBy } from '../units.ts'

const HORIZON = 10

function turnsFrom(turns: readonly Turn[]): number | [] {
  const first = turns.findIndex(isPhantom)
  if (first < 0) return []
  const later = turns.slice(first + 1, first + HORIZON)
  const recovery = later.findIndex((turn) => turn.calls.length > 0 && !isPhantom(turn))
  return recovery < 0 ? HORIZON : recovery + 1
}

export default metric({
  title: 'turns to recover',
  about: `turns from the first phantom call to a call that is offered; ${HORIZON} where never`,
  unit: 'count',
  better: 'less',
  restsOn: 'calibrated',
  families: ['phantom-calls'],
  measure({ trace }) {
    const jobs = groupBy(turnsOf(trace), ({ job }) => job)
    return average([...jobs.values()].flatMap(turnsFrom))
  },
})
