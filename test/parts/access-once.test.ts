// An effect once for a job, whatever happens to its call: lost, false, crashed, forgotten.
import { describe, expect, it } from 'vitest'
import { kernel } from '../../harnesses/kernel.ts'
import loop from '../../harnesses/kernels/loop.ts'
import once from '../../harnesses/parts/access/once.ts'
import jsonl from '../../harnesses/parts/checkpoint/jsonl.ts'
import { drawn, ofKind, type Played, play } from '../machine/rig.ts'

const plain = kernel({ ...loop.page, slots: { ...loop.page.slots, checkpoint: jsonl } })
const guarded = kernel({
  ...loop.page,
  slots: { ...loop.page.slots, checkpoint: jsonl, access: once },
})
const instance = await drawn('compaction/exactly-once', { invoices: 2, distance: 100 })

/** Payments by reference. */
const paid = ({ simulation }: Played): Record<string, number> => {
  const count: Record<string, number> = {}
  for (const { reference } of simulation.world.payments.made)
    count[reference] = (count[reference] ?? 0) + 1
  return count
}
const wanted = Object.fromEntries(
  Object.keys(instance.truths)
    .filter((name) => name.startsWith('payee-'))
    .map((name) => [name.slice(6), 1]),
)

const under = async (of: typeof plain, fault: string): Promise<Record<string, number>[]> => {
  const { asked } = await play({ kernel: of, instance })
  const places = asked.filter(({ id }) => id.endsWith(`/${fault}`))
  expect(places.length).toBeGreaterThan(0)
  const all = []
  for (const { id } of places)
    for (const landed of [true, false]) {
      const key = id.slice(0, id.lastIndexOf('/'))
      all.push(
        paid(
          await play({ kernel: of, instance, chance: { [id]: true, [`${key}/landed`]: landed } }),
        ),
      )
    }
  return all
}

describe.each(['lost-ack', 'hollow-success', 'crash', 'tool-error', 'tool-timeout'])(
  '%s',
  (fault) => {
    it('leaves every payment made once, wherever it strikes', async () => {
      for (const found of await under(guarded, fault)) expect(found).toEqual(wanted)
    })
  },
)

it('is what keeps them from happening twice, or not at all', async () => {
  const twice = (await under(plain, 'lost-ack')).some((found) =>
    Object.values(found).some((n) => n > 1),
  )
  const never = (await under(plain, 'hollow-success')).some(
    (found) => Object.keys(found).length < 2,
  )
  expect([twice, never]).toEqual([true, true])
})

it('answers the same call from its log, in another order of its arguments too', async () => {
  const small = await drawn('compaction/exactly-once', {
    window: 4000,
    distance: 9000,
    invoices: 8,
  })
  const { trace, simulation } = await play({
    kernel: guarded,
    instance: small,
    profile: 'forgetful',
  })
  const references = simulation.world.payments.made.map(({ reference }) => reference)
  expect(new Set(references).size).toBe(references.length)
  expect(ofKind(trace, 'call').filter(({ name }) => name === 'make_payment').length).toBe(
    references.length,
  )
})

it('leaves alone what may be done twice, and what only looks', async () => {
  const ledger = await drawn('compaction/ledger', { items: 2, distance: 200, window: 32_000 })
  const [a, b] = [
    await play({ kernel: plain, instance: ledger }),
    await play({ kernel: guarded, instance: ledger }),
  ]
  expect(ofKind(b.trace, 'call').length).toBe(ofKind(a.trace, 'call').length)
})
