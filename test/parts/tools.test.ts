// What every set of tools keeps: no arguments make it throw, and the model does its work with it.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Part } from '../../harnesses/kernel.ts'
import { run } from '../../testbed/index.ts'
import { house } from '../machine/rig.ts'
import { called } from './tools-rig.ts'

const all = (await house.catalog.all('part')) as Map<string, Part>
const parts = [...all].filter(([id]) => id.startsWith('tools/')) as [string, Part<'tools'>][]
/** One of each family; all at length. */
const scenarios = (await house.catalog.ids('scenario')).filter(
  (id, i, ids) =>
    process.env.ENOSYS_LONG !== undefined || id.split('/')[0] !== ids[i - 1]?.split('/')[0],
)
const FILES = { 'a.txt': 'alpha\n', 'd/b.json': '{"a":1}' }

describe.each(parts)('%s', (_id, part) => {
  it('answers every call with a text, whatever it is called with', async () => {
    const { tools } = await called(part, FILES, [])
    const words = fc.constantFrom(
      'a.txt',
      'd/b.json',
      'd',
      '../x',
      '',
      'alpha',
      '(',
      '{}',
      'cat a.txt',
    )
    const value = fc.oneof(words, fc.jsonValue({ maxDepth: 1 }), fc.integer({ min: -3, max: 300 }))
    const call = fc.constantFrom(...tools).chain(({ name, inputSchema }) => {
      const shape = Object.keys(inputSchema.properties ?? {}).map((key) => [key, value] as const)
      const args = fc.record(Object.fromEntries(shape), { requiredKeys: [] })
      return fc.tuple(fc.constant(name), fc.oneof({ weight: 5, arbitrary: args }, value))
    })
    await fc.assert(
      fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 4 }), async (calls) => {
        const turns = calls as [string, object][]
        const { ending, told } = await called(part, FILES, turns)
        expect(ending).toEqual({ kind: 'done' })
        expect(told).toHaveLength(turns.length)
        for (const { text } of told) expect(typeof text).toBe('string')
      }),
      { numRuns: 60 },
    )
  }, 60_000)

  it('is used to the end by an ordinary model', async () => {
    const id = parts.find(([, one]) => one === part)?.[0].split('/')[1]
    for (const scenario of scenarios)
      for (const profile of ['typical', 'hostile']) {
        const spec = {
          scenario,
          params: {},
          instance: 0,
          trial: 0,
          harness: `loop+tools=${id}`,
          profile,
          seed: 1,
        }
        const { record } = await run(spec, 'sampled', house)
        expect(['pass', 'fail', 'stuck']).toContain(record.verdict)
      }
  }, 60_000)
})
