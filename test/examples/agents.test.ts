// The example agents do the work where nothing goes wrong, with a client of their own or without.
import { expect, test } from 'vitest'
import { openHost, openHouse, type RunSpec, run } from '../../testbed/index.ts'

const house = await openHouse(openHost())

const malformed = (harness: string, profile: string): RunSpec => ({
  scenario: 'phantom-calls/malformed',
  params: {},
  instance: 0,
  trial: 0,
  harness,
  profile,
  seed: 1,
})

const AGENTS = ['agent.ts', 'agent-careful.ts', 'agent-openai.ts']

test.each(AGENTS)('%s solves phantom-calls/malformed without lapses', async (name) => {
  const { record } = await run(malformed(`./examples/${name}`, 'flawless'), 'sampled', house)
  expect(record).toMatchObject({ verdict: 'pass', reason: '', inexact: false })
})

test('the openai package asks and answers as the bare session does', async () => {
  const bare = await run(malformed('./examples/agent.ts', 'typical'), 'sampled', house)
  const sdk = await run(malformed('./examples/agent-openai.ts', 'typical'), 'sampled', house)
  expect(sdk.record.requests).toBe(bare.record.requests)
  expect(sdk.record.verdict).toBe(bare.record.verdict)
})
