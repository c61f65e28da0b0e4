// What every kernel and every part keeps: tested by being there.
import { describe, expect, it } from 'vitest'
import { type Part, SLOTS } from '../../harnesses/kernel.ts'
import { run } from '../../testbed/index.ts'
import { drawn, house, kernelNamed, ofKind, type Played, play } from '../machine/rig.ts'

const kernels = await house.catalog.ids('kernel')
const parts = (await house.catalog.all('part')) as Map<string, Part>
const scenarios = await house.catalog.ids('scenario')
/** They are there to fail, or to ask once. */
const FLOORS = ['idle', 'amnesiac', 'reader']

/**
 * A branch does not see the world's own moves: the rate that changes meanwhile is stale there, by design.
 */
const STALE_ON_A_BRANCH = 'compaction/ledger'

async function passes(harness: string, scenario: string): Promise<void> {
  const { params } = await house.scenario(scenario)
  const simplest = Object.entries(params).map(([name, param]) => [name, param.simplest])
  const spec = {
    scenario,
    params: Object.fromEntries(simplest),
    instance: 0,
    trial: 0,
    harness,
    profile: 'flawless',
    seed: 1,
  }
  const { record } = await run(spec, 'sampled', house)
  expect([record.verdict, record.reason, record.violations]).toEqual(['pass', '', []])
}

describe.each(kernels)('%s', (id) => {
  it.skipIf(FLOORS.includes(id))('solves the simplest case of every scenario', async () => {
    for (const scenario of scenarios) await passes(id, scenario)
  })

  it('comes to an end under every single fault, wherever it strikes', async () => {
    const kernel = await kernelNamed(id)
    const instance = await drawn('compaction/exactly-once', { invoices: 2, distance: 100 })
    const reference = await play({ kernel, instance })
    for (const fault of house.faults.keys()) {
      const places = reference.asked.filter((ask) => ask.id.endsWith(`/${fault}`))
      for (const { id: at } of places)
        hasEnded(await play({ kernel, instance, chance: { [at]: true } }))
    }
  })

  it('comes to an end under all faults at once', async () => {
    const kernel = await kernelNamed(id)
    const hostile = await house.profile('hostile')
    const faults = Object.fromEntries(
      Object.entries(hostile.faults).map(([name, params]) => [
        name,
        { ...params, probability: 0.05 },
      ]),
    )
    const profile = { ...hostile, faults }
    for (const scenario of scenarios) {
      const instance = await drawn(scenario)
      for (const chance of ['1', '2']) hasEnded(await play({ kernel, instance, chance, profile }))
    }
  })

  it('says what it mirrors', async () => {
    const entry = (await house.catalog.entry('kernel', id)) as { mirrors: string }
    expect(entry.mirrors).not.toBe('')
  })
})

function hasEnded({ ending, trace, unreached }: Played): void {
  expect(['done', 'stuck']).toContain(ending?.kind)
  expect(unreached).toEqual([])
  const orphans = ofKind(trace, 'refusal').filter(({ message }) =>
    /tool_call|role 'tool'/.test(message),
  )
  expect(orphans).toEqual([])
}

describe.each([...parts])('%s', (id, part) => {
  const [slot = '', name = ''] = id.split('/')

  it('fills the slot of its folder', () => {
    expect(part.slot).toBe(slot)
    expect(Object.keys(SLOTS)).toContain(slot)
    expect(part.about).not.toBe('')
    expect(part.source).not.toBe('')
  })

  it('works in a kernel', async () => {
    for (const base of ['loop', 'micro'])
      for (const scenario of scenarios) {
        if (id === 'isolation/branch' && scenario === STALE_ON_A_BRANCH) continue
        await passes(`${base}+${slot}=${name}`, scenario)
      }
  })
})

describe('a history on disk', () => {
  it.each(['micro', 'loop+checkpoint=jsonl'])(
    'of %s has no call without a result, wherever the machine went down',
    async (harness) => {
      const kernel = await kernelNamed(harness)
      const instance = await drawn('phantom-calls/malformed')
      const { asked } = await play({ kernel, instance, profile: 'typical' })
      for (const { id } of asked.filter((ask) => ask.id.endsWith('/crash'))) {
        const key = id.slice(0, id.lastIndexOf('/'))
        for (const [landed, torn] of [
          [false, false],
          [true, true],
          [true, false],
        ] as const) {
          const chance = { [id]: true, [`${key}/landed`]: landed, [`${key}/torn`]: torn }
          const { trace, ending } = await play({ kernel, instance, chance, profile: 'typical' })
          expect(['done', 'stuck']).toContain(ending?.kind)
          expect(ofKind(trace, 'refusal')).toEqual([])
        }
      }
    },
  )
})
