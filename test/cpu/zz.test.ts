import { it } from 'vitest'
import { run } from '../../testbed/index.ts'
import { drawn, house, kernelNamed, ofKind, play } from '../machine/rig.ts'
it('x', async () => {
  for (const k of (process.env.K ?? '').split(' ')) for (const s of (process.env.S ?? 'compaction/ledger').split(' ')) {
    const params = JSON.parse(process.env.P ?? '{}')
    const { record } = await run({ scenario: s, params, instance: 0, trial: 0, harness: k, profile: process.env.F ?? 'flawless', seed: 1 } as never, 'sampled', house)
    const kernel = await kernelNamed(k)
    const instance = await drawn(s, params)
    const { trace } = await play({ kernel, instance, profile: process.env.F ?? 'flawless' })
    const steps = new Map<string, number>()
    for (const { step } of ofKind(trace, 'plan')) { const v = step.replace(/^(get|find|recall|look-up|book|pay)-.*/, '$1'); steps.set(v, (steps.get(v) ?? 0) + 1) }
    console.log(k, s, record.verdict, record.reason, JSON.stringify(record.violations), ofKind(trace, 'request').length, JSON.stringify([...steps]))
    if (process.env.V) for (const e of trace.filter(({ kind }) => ['generation', 'call', 'refusal'].includes(kind)).slice(Number(process.env.V), Number(process.env.V) + 14)) console.log(JSON.stringify(e).slice(0, 420))
  }
}, 100000)
