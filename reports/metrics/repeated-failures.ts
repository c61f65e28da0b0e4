// Going in circles: the very same call that has just failed, made again in the next turn of its job. It failed
// where its result says so, or where it could not be run at all.
import type { ToolCall } from '../../sim/index.ts'
import { metric } from '../metric.ts'
import { isUnrunnable, type Turn, turnsOf } from '../turns.ts'
import { groupBy } from '../units.ts'

const keyOf = ({ name, args }: ToolCall): string => JSON.stringify([name, args])

function failedIn(turn: Turn): ReadonlySet<string> {
  const errors = new Set(turn.told.flatMap(({ callId, isError }) => (isError ? [callId] : [])))
  const failed = turn.calls.filter((call) => errors.has(call.id) || isUnrunnable(call, turn))
  return new Set(failed.map(keyOf))
}

function circlesIn(turns: readonly Turn[]): number {
  let count = 0
  for (const [i, { calls }] of turns.entries()) {
    const before = turns[i - 1]
    if (before === undefined) continue
    const failed = failedIn(before)
    if (calls.some((call) => failed.has(keyOf(call)))) count++
  }
  return count
}

export default metric({
  title: 'repeated failures',
  about: 'turns that make a call again which has just failed, word for word; a run',
  unit: 'count',
  better: 'less',
  restsOn: 'calibrated',
  families: ['phantom-calls'],
  detail: true,
  measure({ trace }) {
    if (trace.length === 0) return null
    const jobs = groupBy(turnsOf(trace), ({ job }) => job)
    return [...jobs.values()].reduce((sum, turns) => sum + circlesIn(turns), 0)
  },
})
