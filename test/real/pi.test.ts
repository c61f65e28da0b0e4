// The real pi on the machine: what it does is judged from its requests and the world.
import { beforeAll, describe, expect, test } from 'vitest'
import type { Adapter } from '../../harnesses/adapter.ts'
import pi from '../../harnesses/adapters/pi.ts'
import { openHost } from '../../sim/host/index.ts'
import { installed } from '../../sim/host/install.ts'
import { type House, openHouse } from '../../testbed/house.ts'
import { type RunResult, run } from '../../testbed/run.ts'

/** It takes half a minute of its own. */
const LONG = process.env.ENOSYS_LONG !== undefined

const host = openHost()
const missing = installed(pi as Adapter, host.adapters) === undefined
const why = missing ? ' (skipped: npx enosys install pi)' : LONG ? '' : ' (skipped: ENOSYS_LONG)'

let house: House
beforeAll(async () => {
  house = await openHouse(host)
})

const runOn = (
  harness: string,
  scenario: string,
  profile: string,
  instance = 0,
): Promise<RunResult> =>
  run({ scenario, params: {}, instance, trial: 0, harness, profile, seed: 1 }, 'sampled', house)

describe.skipIf(missing || !LONG)(`the real pi${why}`, () => {
  test.each(['phantom-calls/malformed', 'compaction/ledger', 'isolation/lost-update'])(
    'solves %s when the model is flawless',
    async (scenario) => {
      const { record } = await runOn('pi', scenario, 'flawless')
      expect(record).toMatchObject({ verdict: 'pass', inexact: true })
    },
    120_000,
  )

  test('runs a tool call whose JSON was cut off, where micro does, too', async () => {
    let cut = 0
    for (let instance = 0; instance < 8; instance++) {
      const mirror = await runOn('micro', 'phantom-calls/malformed', 'typical', instance)
      if (mirror.record.reason !== 'cut-call-executed') continue
      const real = await runOn('pi', 'phantom-calls/malformed', 'typical', instance)
      expect(real.record.reason).toBe('cut-call-executed')
      expect(real.record.metrics['cut-calls-executed']).toBe(1)
      if (++cut === 2) break
    }
    expect(cut).toBe(2)
  }, 120_000)

  test('two of them lose an update on one workspace', async () => {
    const { record, trace } = await runOn('pi', 'isolation/lost-update', 'typical')
    expect(record).toMatchObject({ verdict: 'fail', reason: 'lost-update' })
    expect(record.metrics['lost-updates']).toBe(1)
    const sessions = new Set(trace.flatMap((e) => (e.kind === 'effect' ? [e.session] : [])))
    expect([...sessions].sort()).toEqual(['add-a', 'add-b'])
  }, 120_000)
})
