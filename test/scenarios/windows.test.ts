// The ends of ranges: a window that a sweep may set is one in which the simplest case can be solved by a harness
// that needs its model, and another number is another world.
import { describe, expect, it } from 'vitest'
import { run } from '../../testbed/index.ts'
import { drawn, house } from '../machine/rig.ts'

/** One of them brings whatever a scenario asks for. */
const REFERENCES = ['best', 'letta', 'monolith']

const ids = await house.catalog.ids('scenario')
const ranges = await Promise.all(
  ids.map(async (id) => [id, (await house.scenario(id)).params] as const),
)
const windowed = ranges.filter(([, { window }]) => window !== undefined)

describe('the least and the largest window', () => {
  it.each(windowed)('of %s solve its simplest case', async (scenario, params) => {
    const simple = Object.fromEntries(Object.entries(params).map(([name, p]) => [name, p.simplest]))
    for (const window of [params.window?.min, params.window?.max]) {
      let isSolved = false
      for (const harness of REFERENCES) {
        const of = { scenario, harness, instance: 0, trial: 0, profile: 'flawless', seed: 1 }
        const spec = { ...of, params: { ...simple, window: window ?? 0 } }
        isSolved ||= (await run(spec, 'sampled', house)).record.verdict === 'pass'
      }
      expect([window, isSolved]).toEqual([window, true])
    }
  })
})

describe('a range', () => {
  it.each([
    ['compaction/standing-rule', 'items'],
    ['compaction/standing-rule', 'drafts'],
    ['compaction/long-haul', 'standing'],
    ['compaction/long-haul', 'innate'],
  ])('of %s has another world for each number: %s', async (id, name) => {
    const { min = 0, max = 0 } = (await house.scenario(id)).params[name] ?? {}
    const worlds = new Set<string>()
    for (let value = min; value <= max; value++) {
      const { world, users, programs } = await drawn(id, { [name]: value })
      worlds.add(JSON.stringify([world, users, programs]))
    }
    expect(worlds.size).toBe(max - min + 1)
  })

  it('of work in a job is for each, however many jobs there are', async () => {
    const sizeOf = async (jobs: number): Promise<number> => {
      const { files } = (await drawn('compaction/long-haul', { jobs })).world
      return Object.entries(files)
        .filter(([path]) => path.startsWith('docs/'))
        .reduce((sum, [, text]) => sum + text.length, 0)
    }
    expect((await sizeOf(8)) / (await sizeOf(2))).toBeCloseTo(4, 1)
  })
})
