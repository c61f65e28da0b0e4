// A redrawn model differs from its profile in all that was not measured, within its ranges, and is the same
// wherever it is asked for.
import { describe, expect, it } from 'vitest'
import { openHost } from '../../sim/host/index.ts'
import { type House, openHouse } from '../../testbed/house.ts'
import { openIn, valueAt } from '../../testbed/redrawn.ts'

const house: House = await openHouse(openHost())
const typical = await house.profile('typical')
const models = await Promise.all(
  Array.from({ length: 200 }, (_, i) => house.profile(`typical~${i}`)),
)

describe('a redrawn model', () => {
  it('is the same for the same number, and another one for another', async () => {
    const again = await (await openHouse(openHost())).profile('typical~7')
    expect(again).toEqual(models[7])
    expect(models[8]).not.toEqual({ ...models[7], name: 'typical~8' })
    expect(models[7]?.name).toBe('typical~7')
  })

  it('keeps what is measured, and what is off', async () => {
    const profiles = (await house.catalog.ids('profile')).filter((id) => id.startsWith('like-'))
    for (const id of ['typical', ...profiles.slice(0, 3)]) {
      const base = await house.profile(id)
      const other = await house.profile(`${id}~1`)
      const open = new Set(openIn(base))
      const measured = [...base.origins].filter(([, origin]) => origin.startsWith('measured'))
      if (id !== 'typical') expect(measured.length).toBeGreaterThan(0)
      for (const [path] of measured) expect(open.has(path)).toBe(false)
      for (const path of base.origins.keys()) {
        const [value, drawn] = [valueAt(base, path), valueAt(other, path)]
        if (!open.has(path)) expect([path, drawn]).toEqual([path, value])
        if (/^(behaviours|faults)\..*(rate|probability)$/.test(path) && value === 0)
          expect([path, drawn]).toEqual([path, 0])
      }
      expect(open.has('instance.placed')).toBe(false)
    }
  })

  it('lies around its profile: the median is its value, and odds are off by a factor of two', () => {
    const path = 'behaviours.wrong-value.rate'
    const odds = (p: number): number => Math.log(p / (1 - p))
    const usual = odds(valueAt(typical, path) ?? 0.5)
    const off = models.map((model) => odds(valueAt(model, path) ?? 0.5) - usual)
    const sorted = off.toSorted((a, b) => a - b)
    expect(Math.abs(sorted[100] ?? 1)).toBeLessThan(0.2)
    const deviation = Math.sqrt(off.reduce((sum, x) => sum + x * x, 0) / off.length)
    expect(deviation).toBeGreaterThan(0.55)
    expect(deviation).toBeLessThan(0.85)
  })

  it('moves each parameter by itself', () => {
    const [a, b] = ['recall.literalHalf', 'recall.semanticHalf'].map((path) =>
      models.map((model) => Math.log(valueAt(model, path) ?? 1)),
    ) as [number[], number[]]
    const mean = (of: readonly number[]): number => of.reduce((sum, x) => sum + x, 0) / of.length
    const [ma, mb] = [mean(a), mean(b)]
    const cov = mean(a.map((x, i) => (x - ma) * ((b[i] ?? 0) - mb)))
    const sd = (of: readonly number[], m: number): number =>
      Math.sqrt(mean(of.map((x) => (x - m) * (x - m))))
    expect(Math.abs(cov / (sd(a, ma) * sd(b, mb)))).toBeLessThan(0.2)
  })
})
