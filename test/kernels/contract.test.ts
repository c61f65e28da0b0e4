// What every part keeps: tested by being there.
import { describe, expect, it } from 'vitest'
import { type Part, SLOTS } from '../../harnesses/kernel.ts'
import { run } from '../../testbed/index.ts'
import { house } from '../machine/rig.ts'

const parts = (await house.catalog.all('part')) as Map<string, Part>
/** One of each sort; what kernels make of the others is tested with them. */
const SCENARIOS = [
  'compaction/exactly-once',
  'compaction/ledger',
  'isolation/lost-update',
  'phantom-calls/malformed',
]

async function verdict(harness: string, scenario: string): Promise<unknown[]> {
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
  return [harness, scenario, record.verdict, record.reason, record.violations]
}

describe.each([...parts])('%s', (id, part) => {
  const [slot = '', name = ''] = id.split('/')

  it('fills the slot of its folder, and says what it is and where it was seen', () => {
    expect(part.slot).toBe(slot)
    expect(Object.keys(SLOTS)).toContain(slot)
    expect(part.about).not.toBe('')
    expect(part.about).not.toMatch(/\n|\.$/)
    expect(part.source).not.toBe('')
  })

  it('has constants that are data, with their unit in the name', () => {
    for (const [constant, value] of Object.entries(part.constants)) {
      expect(constant).toMatch(/^[a-z][A-Za-z0-9]*$/)
      const isList = Array.isArray(value) && value.every((one) => typeof one === 'string')
      expect([constant, isList || ['number', 'string'].includes(typeof value)]).toEqual([
        constant,
        true,
      ])
    }
    const same = part.with(part.constants)
    expect(same.constants).toEqual(part.constants)
    expect(() => part.with({ 'not-there': 1 })).toThrow(/no constant 'not-there'/)
  })

  it('works in a kernel', async () => {
    for (const base of ['loop', 'micro'])
      for (const scenario of SCENARIOS) {
        const harness = `${base}+${slot}=${name}`
        const outcome = await verdict(harness, scenario)
        expect(outcome).toEqual([harness, scenario, 'pass', '', []])
      }
  })
})
