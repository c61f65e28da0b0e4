// What goes with an outcome is named only where chance would not do the same.
import { describe, expect, it } from 'vitest'
import { strongest } from '../../reports/stats/strongest.ts'
import { draw } from '../../sim/core/draw.ts'

const N = 100
const noise = (key: string): number[] => {
  const { next } = draw(key)
  return Array.from({ length: N }, next)
}
const others = new Map(Array.from({ length: 150 }, (_, i) => [`p${i}`, noise(`p${i}`)]))

describe('the strongest of many', () => {
  it('is what the outcome goes with, whatever the form, with its sign', () => {
    const cause = noise('cause')
    const blur = noise('blur')
    const outcome = cause.map((value, i) => -Math.exp(3 * value) + 2 * (blur[i] ?? 0))
    const found = strongest(outcome, new Map([...others, ['cause', cause]]))
    expect(found?.name).toBe('cause')
    expect(found?.correlation).toBeLessThan(-0.9)
  })

  it('is nothing where only chance is at work, in nineteen of twenty outcomes', () => {
    const named = Array.from({ length: 60 }, (_, i) => strongest(noise(`outcome ${i}`), others))
    expect(named.filter((found) => found !== undefined).length).toBeLessThanOrEqual(7)
  })

  it('is nothing where nothing varies', () => {
    expect(strongest(noise('a').fill(1), others)).toBeUndefined()
    expect(strongest(noise('a'), new Map([['flat', noise('b').fill(2)]]))).toBeUndefined()
  })
})
