// What many models make of a claim: how often it holds, where it does not, and what goes with that.
import { expect, test } from 'vitest'
import { inDraw, valueAt } from '../../testbed/redrawn.ts'
import { type Claim, tested } from '../../testbed/robust.ts'
import { house } from '../machine/rig.ts'

const claim: Claim = {
  ...{ family: 'isolation', metric: 'solved', better: 'best', worse: 'loop' },
  ...{ difference: 0.5, adjusted: 0.01 },
}
const models = await Promise.all(
  Array.from({ length: 20 }, (_, i) => house.profile(inDraw('typical', i + 1))),
)
const all = (value: (i: number) => number): number[] => models.map((_, i) => value(i))

test('a claim that holds in every model names none against it', () => {
  expect(
    tested(
      claim,
      all(() => 0.5),
      models,
    ),
  ).toMatchObject({
    ...{ holds: 20, turns: 0, level: 0, low: 0.5, high: 0.5 },
    ...{ dependsOnModel: false, against: undefined, parameter: undefined },
  })
})

test('one that holds in nine of ten may be told, with the model in which it holds least', () => {
  const found = tested(
    claim,
    all((i) => (i === 3 ? 0 : i === 7 ? -0.2 : 0.5)),
    models,
  )
  expect(found).toMatchObject({ holds: 18, turns: 1, level: 1, dependsOnModel: false })
  expect(found.against).toBe('typical~8')
})

test('any other depends on the model, and on the parameter that goes with it', () => {
  const path = 'recall.literalHalf'
  const values = models.map((model) => valueAt(model, path) ?? Number.NaN)
  const middle = values.toSorted((a, b) => a - b)[10] ?? 0
  const found = tested(
    claim,
    values.map((value) => value - middle),
    models,
  )
  expect(found).toMatchObject({ holds: 9, turns: 10, level: 1, dependsOnModel: true })
  expect(found.parameter).toMatchObject({ name: path })
  expect(found.parameter?.correlation).toBeCloseTo(1)
  expect(
    tested(
      claim,
      all((i) => (i % 2) - 0.5),
      models,
    ),
  ).toMatchObject({
    ...{ dependsOnModel: true, parameter: undefined },
  })
})
