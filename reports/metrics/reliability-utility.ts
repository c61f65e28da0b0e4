// Utility as Relign scores it (arXiv 2412.04141): 20 for a task that is solved, 10 less for one that is not and
// is answered as if it were, or has hallucinated calls in it, beside those that were placed; 1 less for each call
// beyond those that the tasks take.
import { metric } from '../metric.ts'
import { tasksOf } from '../tasks.ts'
import { hallucinated, turnsOf } from '../turns.ts'
import falseSuccesses from './false-successes.ts'

const SOLVED = 20
const HALLUCINATED = -10

export default metric({
  title: 'reliability utility',
  about:
    '20 for a solved run, -10 for one lost with made-up calls or claims, -1 for each excess call',
  unit: 'count',
  better: 'more',
  restsOn: 'calibrated',
  families: ['phantom-calls'],
  detail: true,
  measure(run) {
    const { instance, trace, solved } = run
    if (trace.length === 0) return null
    const turns = turnsOf(trace)
    const calls = turns.reduce((sum, turn) => sum + turn.calls.length, 0)
    const steps = tasksOf(instance).reduce((sum, { program }) => sum + program.steps.length, 0)
    const excess = Math.max(0, calls - steps)
    if (solved) return SOLVED - excess
    const isMadeUp =
      turns.some((turn) => !turn.isForced && hallucinated(turn).length > 0) ||
      (falseSuccesses.measure(run) ?? 0) > 0
    return (isMadeUp ? HALLUCINATED : 0) - excess
  },
})
