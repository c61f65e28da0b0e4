// Published clients in virtual time: their own back-off waits for nothing real, and a replay is exact.
import { beforeAll, describe, expect, test } from 'vitest'
import { openHost } from '../../sim/host/index.ts'
import { canonical, type House, openHouse } from '../../testbed/house.ts'
import { type RunResult, run, type Source } from '../../testbed/run.ts'

const CLIENTS = {
  'the openai package': 'examples/agent-openai.ts',
  'the AI SDK': 'test/clients/fixtures/ai-sdk.ts',
}

let house: House
beforeAll(async () => {
  house = await openHouse(openHost())
})

function runWith(file: string, profile: string, source: Source): Promise<RunResult> {
  const harness = canonical(house.host, `./${file}`)
  const scenario = 'phantom-calls/malformed'
  return run(
    { scenario, params: {}, instance: 0, trial: 0, harness, profile, seed: 1 },
    source,
    house,
  )
}

describe.each(Object.entries(CLIENTS))('%s', (_name, file) => {
  test('solves the task of a flawless model, exactly the same twice', async () => {
    const first = await runWith(file, 'flawless', 'sampled')
    const second = await runWith(file, 'flawless', 'sampled')
    expect(first.record).toMatchObject({ verdict: 'pass', inexact: false })
    expect(second.record.digest).toBe(first.record.digest)
  })

  test('waits for a refused rate in virtual time, as its own back-off has it', async () => {
    const plain = await runWith(file, 'flawless', 'sampled')
    const job = plain.trace.find((event) => event.kind === 'job')
    const key = `${job?.kind === 'job' ? job.job : ''}/generate#1/rate-limit`
    const began = performance.now()
    const limited = await runWith(file, 'flawless', new Map([[key, true]]))
    expect(limited.unreached).toEqual([])
    expect(limited.record).toMatchObject({ verdict: 'pass', inexact: false })
    const refusal = limited.trace.find((event) => event.kind === 'refusal')
    expect(refusal).toMatchObject({ status: 429 })
    const waited = limited.record.virtualMs - plain.record.virtualMs
    expect(waited).toBeGreaterThanOrEqual(2000)
    // Were the wait real, the run would take longer than it.
    expect(performance.now() - began).toBeLessThan(waited)
  })

  test('meets the placed lapse and goes on', async () => {
    const { record } = await runWith(file, 'typical', 'sampled')
    expect(record.met).toBe(record.placed)
    expect(['pass', 'fail']).toContain(record.verdict)
  })
})
