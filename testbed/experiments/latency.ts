// How long a request takes that is answered with one short call.
import { reader } from '../../harnesses/reading.ts'
import { functionTest } from '../draws/function-test.ts'
import { decimal, experiment, numberOf } from '../experiment.ts'
import { average, deviation, percentile } from '../measure.ts'

/** As the leaderboard counts: the 1st, the 22nd, the 95th. */
function ordinal(p: number): string {
  const [tens, ones] = [Math.floor(p) % 100, Math.floor(p) % 10]
  const ending = ['th', 'st', 'nd', 'rd'][tens > 10 && tens < 14 ? 0 : ones] ?? 'th'
  return `${p}${Number.isInteger(p) ? ending : 'th'}`
}

export default experiment<number>({
  about:
    'seconds from a request to the end of its answer, one short call: mean, spread, percentiles',
  source:
    'Berkeley function calling leaderboard of 2024-07-06, latency of a whole request; the model is served alone, without a queue',
  tables: ['bfcl_v1_leaderboard_2024-07-06'],
  harness: 'reader',
  options: {
    percentile: {
      ...decimal('percentile of the latency', [0, 100], () => [95]),
      isReading: true,
    },
  },
  published: (rows) => (rows.length === 0 ? [] : [{ percentile: 95 }]),
  size: () => ({ instances: 2000, trials: 1 }),
  draw: (draw, _, { profile }) => functionTest(draw, 'simple', profile.window.native),
  kernel: (_, { offered }) => reader({ tools: offered }),
  observe({ trace }) {
    const from = trace.find(({ kind }) => kind === 'request')?.at ?? 0
    const to = trace.find(({ kind }) => kind === 'generation')?.at ?? 0
    return (to - from) / 1000
  },
  measure(seen, at) {
    const condition = 'single function call request'
    const seconds = seen.flat()
    const p = numberOf(at, 'percentile')
    return [
      ...average({ condition, metric: 'Latency Mean (s)' }, seconds),
      ...deviation({ condition, metric: 'Latency Standard Deviation (s)' }, seconds),
      ...percentile({ condition, metric: `Latency ${ordinal(p)} Percentile (s)` }, seconds, p),
    ]
  },
})
