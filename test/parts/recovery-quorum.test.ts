// A quorum: one slip among several answers has no effect, and what only looks is asked for once.
import { describe, expect, it } from 'vitest'
import { run } from '../../testbed/index.ts'
import { house } from '../machine/rig.ts'

const solved = async (harness: string, instances = 12) => {
  const records = []
  for (let instance = 0; instance < instances; instance++) {
    const of = { scenario: 'nondeterminism/quorum', params: { silent: 1 }, instance, trial: 0 }
    const spec = { ...of, harness, profile: 'typical', seed: 1 }
    records.push((await run(spec, 'sampled', house)).record)
  }
  const passed = records.filter(({ verdict }) => verdict === 'pass').length
  return { passed, tokens: records.reduce((sum, { tokens }) => sum + tokens, 0) }
}

describe('a quorum', () => {
  // A model may say the same again, however often it is asked: not every slip is outvoted.
  it('keeps most silent errors out, where one answer lets each in, and costs its price', async () => {
    const one = await solved('loop')
    const three = await solved('loop+recovery=quorum')
    const five = await solved('loop+recovery=quorum(answers=5)')
    expect(one.passed).toBeLessThanOrEqual(1)
    expect(three.passed).toBeGreaterThanOrEqual(4)
    expect(five.passed).toBeGreaterThanOrEqual(three.passed)
    expect(three.tokens).toBeGreaterThan(1.5 * one.tokens)
    expect(five.tokens).toBeGreaterThan(three.tokens)
  })

  it('of one is no quorum', async () => {
    expect(await solved('loop+recovery=quorum(answers=1)', 3)).toEqual(await solved('loop', 3))
  })
})
