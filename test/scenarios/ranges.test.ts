// Ranges that say something: a parameter that goes further than what it is about gives the same world again and
// again, and a sweep over it lies.
import { describe, expect, it } from 'vitest'
import { drawn } from '../machine/rig.ts'

describe('what is placed', () => {
  it.each([
    ['dangerous-neighbour', 'phantoms', 6],
    ['lookalike', 'times', 9],
    ['nested-calls', 'slips', 5],
    ['phantom-plan', 'plans', 10],
    ['wrong-types', 'times', 4],
  ])('grows to the end of the range: %s by %s', async (id, name, max) => {
    let before = 0
    for (let value = 1; value <= max; value++) {
      const { hazards } = await drawn(`phantom-calls/${id}`, { [name]: value })
      expect(hazards.length).toBeGreaterThan(before)
      before = hazards.length
    }
    await expect(drawn(`phantom-calls/${id}`, { [name]: max + 1 })).rejects.toThrow(name)
  })
})
