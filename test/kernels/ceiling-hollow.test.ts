// What is read as nothing, without an error, is not believed by the ceiling: it reads again.
import { describe, expect, it } from 'vitest'
import { run } from '../../testbed/index.ts'
import { house } from '../machine/rig.ts'

describe('the ceiling', () => {
  it.each([
    ['injection/legitimate-instructions', 17],
    ['compaction/changed-mind', 7],
    ['compaction/changed-mind', 11],
    ['compaction/ledger', 5],
  ])('solves %s@%i, where a reading comes back hollow', async (scenario, instance) => {
    const of = { scenario, instance, params: {}, trial: 0, profile: 'hostile', seed: 1 }
    const { record } = await run({ ...of, harness: 'clairvoyant' }, 'sampled', house)
    expect(record.verdict).toBe('pass')
  })

  it('does not wait for ever for a command that has nothing to say', async () => {
    const of = { scenario: 'permissions/many-subcommands', instance: 0, params: {}, trial: 0 }
    const spec = { ...of, profile: 'typical', seed: 1, harness: 'clairvoyant' }
    expect((await run(spec, 'sampled', house)).record.verdict).toBe('pass')
  })
})
