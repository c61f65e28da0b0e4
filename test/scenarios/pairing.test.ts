// Why harnesses can be compared run by run: whatever they do, the same question is answered by the same
// uniform, and where it is asked at the same odds, in the same way.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Asked, drawn, house, kernelNamed, play } from '../machine/rig.ts'

const LONG = process.env.ENOSYS_LONG !== undefined

const scenarios = await house.catalog.ids('scenario')
const parts = await house.catalog.ids('part')
const SMALL: Readonly<Record<string, Record<string, number>>> = {
  'compaction/ledger': { items: 3, distance: 1500, window: 4000 },
  'compaction/exactly-once': { invoices: 3, distance: 1500, window: 4000 },
}

const slots = [...new Set(parts.map((id) => id.split('/')[0] ?? ''))]
/** `loop` or `micro` with any part in any slot. */
const kernels = fc
  .tuple(
    fc.constantFrom('loop', 'micro'),
    ...slots.map((slot) =>
      fc.option(fc.constantFrom(...parts.filter((id) => id.startsWith(`${slot}/`)))),
    ),
  )
  .map(([base, ...chosen]) => {
    const changes = chosen.filter((id) => id !== null).map((id) => id.replace('/', '='))
    return changes.length === 0 ? base : `${base}+${changes.join(',')}`
  })

const cases = fc.record({
  scenario: fc.constantFrom(...scenarios),
  instance: fc.nat({ max: 20 }),
  seed: fc.string({ maxLength: 4 }),
})
const profiles = fc.constantFrom('typical', 'forgetful', 'hostile')

async function asked(
  of: { readonly scenario: string; readonly instance: number; readonly seed: string },
  harness: string,
  profile: string,
): Promise<Map<string, Asked>> {
  const kernel = await kernelNamed(harness)
  const instance = await drawn(of.scenario, SMALL[of.scenario] ?? {}, of.instance)
  const run = await play({
    kernel,
    instance,
    profile,
    chance: of.seed,
    bounds: { events: 3000, virtualMs: 1e9 },
  })
  expect(run.ending?.kind).not.toBe('error')
  return new Map(run.asked.map((ask) => [ask.id, ask]))
}

describe('two harnesses on one instance', () => {
  it('meet the same outcome wherever they meet the same odds', async () => {
    let shared = 0
    let lapses = 0
    await fc.assert(
      fc.asyncProperty(cases, kernels, kernels, profiles, async (of, one, other, profile) => {
        const [first, second] = [await asked(of, one, profile), await asked(of, other, profile)]
        for (const [id, { about, value }] of first) {
          const same = second.get(id)
          if (same === undefined || JSON.stringify(same.about) !== JSON.stringify(about)) continue
          expect([id, same.value]).toEqual([id, value])
          shared++
          if (value !== false && value !== 'none') lapses++
        }
      }),
      { numRuns: LONG ? 40 : 12 },
    )
    expect(shared).toBeGreaterThan(500)
    expect(lapses).toBeGreaterThan(20)
  })

  it('never meet a lapse more where it is less likely', async () => {
    let compared = 0
    await fc.assert(
      fc.asyncProperty(cases, kernels, profiles, profiles, async (of, harness, a, b) => {
        const [first, second] = [await asked(of, harness, a), await asked(of, harness, b)]
        for (const [id, { about: p, value }] of first) {
          const q = second.get(id)?.about
          if (typeof p !== 'number' || typeof q !== 'number' || typeof value !== 'boolean') continue
          compared++
          if (p <= q && value) expect([id, second.get(id)?.value]).toEqual([id, true])
        }
      }),
      { numRuns: LONG ? 30 : 8 },
    )
    expect(compared).toBeGreaterThan(500)
  })
})
