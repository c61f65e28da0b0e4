// Each form finds the parameters back from cells that were made with them, and says the same as the machine.
import { describe, expect, it } from 'vitest'
import { marginal } from '../../sim/core/difficulty.ts'
import { fitAbilities, pass } from '../../testbed/fit/ability.ts'
import { classShares, fitCalls, MULTIPLE, PARALLEL } from '../../testbed/fit/calls.ts'
import { afterOne, fitChain, happens, oddsFor } from '../../testbed/fit/chain.ts'
import { fitCompaction, recalledAfter } from '../../testbed/fit/compaction.ts'
import { carriedOut, misreadFor, obeysFor, utility } from '../../testbed/fit/injection.ts'
import { fitLatency, latencyOf, paceOf } from '../../testbed/fit/latency.ts'
import { sharesOf } from '../../testbed/fit/odds.ts'
import { accuracyAt, fitPosition } from '../../testbed/fit/position.ts'
import { carriedOver, fitLength, recalledIn } from '../../testbed/fit/recall.ts'
import { bottom, least, solve } from '../../testbed/fit/search.ts'
import { logistic, overInstances } from '../../testbed/fit/spread.ts'
import { agreement, fitStability } from '../../testbed/fit/stability.ts'

const SPREAD = 2

describe('a search', () => {
  it('finds the bottom of a bent valley, and stays within bounds', () => {
    const valley = ([x = 0, y = 0]: readonly number[]): number =>
      (1 - x) ** 2 + 100 * (y - x * x) ** 2
    const [x = 0, y = 0] = least(valley, [
      { start: -1, min: -3, max: 3 },
      { start: 2, min: -3, max: 3 },
    ])
    expect(x).toBeCloseTo(1, 3)
    expect(y).toBeCloseTo(1, 3)
    const [edge = 0] = least(([z = 0]) => (z - 9) ** 2, [{ start: 0, min: -1, max: 2 }])
    expect(edge).toBeCloseTo(2, 6)
  })

  it('finds a root, a lowest point, and an end where there is neither', () => {
    expect(solve((x) => x * x * x, 8, [0, 10])).toBeCloseTo(2, 9)
    expect(solve((x) => x, 50, [0, 10])).toBeCloseTo(10, 6)
    expect(bottom((x) => (x - 0.3) ** 2, [-4, 7])).toBeCloseTo(0.3, 4)
  })
})

describe('a mean over instances', () => {
  it('is what the machine has for one lapse', () => {
    for (const p of [0.0004, 0.02, 0.5, 0.97])
      for (const spread of [0, 0.5, 2, 4]) {
        const mean = overInstances(spread, (odds) => (odds * p) / (1 - p + odds * p))
        expect(mean).toBeCloseTo(marginal(p, spread), 5)
      }
  })
})

describe('recall against length', () => {
  const around = {
    ...{ floor: 0.98, first: 0.02, last: 0.01, reach: 0.2 },
    ...{ spread: SPREAD, trained: 1e15, beyond: 1, spoiled: 0.001 },
  }

  it.each([
    { top: 0.995, half: 60_000, slope: 1.4 },
    { top: 0.97, half: 3000, slope: 0.8 },
  ])('is found back: %j', (length) => {
    const cells = [[250, 500, 1000], [2000], [8000], [32_000], [64_000]].map((tokens) => ({
      tokens,
      recall: recalledIn(length, { tokens }, around),
    }))
    const found = fitLength(cells, around)
    expect(found.top).toBeCloseTo(length.top, 2)
    expect(found.slope).toBeCloseTo(length.slope, 1)
    for (const tokens of [4000, 128_000]) {
      const at = { tokens: [tokens] }
      expect(recalledIn(found, at, around)).toBeCloseTo(recalledIn(length, at, around), 2)
    }
  })

  it('is lost in the middle the less, the less is missed at all', () => {
    const position = { floor: 0.9, first: 0.05, last: 0.1, reach: 0.2 }
    const weak = carriedOver(position, 0.9, 0.9)
    expect(weak.floor).toBeCloseTo(0.9, 9)
    const strong = carriedOver(position, 0.9, 0.999)
    expect(strong.floor).toBeGreaterThan(0.995)
    expect(strong.first / strong.last).toBeCloseTo(0.5, 9)
  })
})

describe('recall against position', () => {
  it('is found back from five places and one document alone', () => {
    const placed = { top: 0.98, distractors: 0.7, floor: 0.95, first: 0.05, last: 0.02, reach: 0.2 }
    const asked = [0, 4, 9, 14, 19].map((gold) => ({ documents: 20, gold }))
    const cells = [...asked, { documents: 1, gold: 0 }].map((at) => ({
      ...at,
      accuracy: accuracyAt(placed, at, SPREAD, 0.001),
    }))
    const found = fitPosition(cells, SPREAD, 0.001)
    expect(found.first).toBeCloseTo(placed.first, 2)
    expect(found.last).toBeCloseTo(placed.last, 2)
    expect(found.distractors).toBeCloseTo(placed.distractors, 1)
    const elsewhere = { documents: 30, gold: 20 }
    expect(accuracyAt(found, elsewhere, SPREAD, 0.001)).toBeCloseTo(
      accuracyAt(placed, elsewhere, SPREAD, 0.001),
      2,
    )
  })
})

describe('errors of calls', () => {
  const classes = [
    { name: 'wrong', odds: 0.02 },
    { name: 'dropped', odds: 0.3, only: PARALLEL },
    { name: 'other', odds: 0.004, only: MULTIPLE },
  ].map((one) => ({ ...one, share: 0 }))

  it('are found back from their shares, the classes of some tests too', () => {
    const shares = classShares(classes, SPREAD)
    const found = fitCalls(
      classes.map(({ odds: _, ...one }, i) => ({ ...one, share: shares[i] ?? 0 })),
      SPREAD,
    )
    for (const { name, odds } of classes) expect((found.get(name) ?? 0) / odds).toBeCloseTo(1, 3)
  })

  it('that always happen have odds all the same', () => {
    const only = { name: 'dropped', share: 0.4, only: PARALLEL }
    expect(fitCalls([only], SPREAD).get('dropped')).toBeLessThan(1000)
  })

  it('leave shares that add up to less than one', () => {
    const shares = sharesOf([3, 5, 90], SPREAD)
    expect(shares.reduce((sum, one) => sum + one, 0)).toBeLessThan(1)
    expect((shares[1] ?? 0) / (shares[0] ?? 1)).toBeCloseTo(5 / 3, 9)
  })
})

describe('a chain of phantoms', () => {
  it('is found back from what was counted, beside other lapses', () => {
    const chain = { rate: 0.004, persistence: 0.2, ends: 0.1 }
    const others = [0.05, 0.4]
    const found = fitChain(afterOne(chain, others, 0.6), others, 0.6)
    expect(found.rate / chain.rate).toBeCloseTo(1, 2)
    expect(found.persistence / chain.persistence).toBeCloseTo(1, 2)
    expect(found.ends / chain.ends).toBeCloseTo(1, 2)
  })

  it('has odds for a share', () => {
    expect(oddsFor(happens(0.03, [0.1, 2], SPREAD), [0.1, 2], SPREAD)).toBeCloseTo(0.03, 6)
  })
})

describe('abilities', () => {
  const spoiling = { use: 0, turn: 0 }
  const domains = new Map([
    ['easy', { hardness: -1, spread: 1.2 }],
    ['middling', { hardness: 0, spread: 2 }],
    ['hard', { hardness: 2, spread: 3 }],
  ])
  const models = new Map([-6, -5, -4, -3].map((log, i) => [`model-${i}`, log]))
  const cells = [...models].flatMap(([model, log]) =>
    [...domains].map(([domain, at]) => ({
      model,
      domain,
      pass1: pass(log, at, 1, spoiling),
      pass2: pass(log, at, 2, spoiling),
    })),
  )

  it('are found back, with the hardness and the spread of each domain', () => {
    const found = fitAbilities(cells, spoiling)
    for (const [name, { hardness, spread }] of domains) {
      expect(found.domains.get(name)?.spread).toBeCloseTo(spread, 1)
      expect(found.domains.get(name)?.hardness).toBeCloseTo(hardness, 1)
    }
    for (const [model, log] of models) expect(found.models.get(model)).toBeCloseTo(log, 1)
  })

  it('tell trials that were not seen: pass^4', () => {
    const found = fitAbilities(cells, spoiling)
    for (const [domain, at] of domains) {
      const own = found.domains.get(domain) ?? at
      const log = found.models.get('model-2') ?? 0
      expect(pass(log, own, 4, spoiling)).toBeCloseTo(pass(-4, at, 4, spoiling), 2)
    }
  })
})

describe('an injection', () => {
  it('is obeyed as often as it is carried out, when all else goes well', () => {
    const obeys = obeysFor(0.34, SPREAD, 0.002)
    expect(carriedOut(obeys, SPREAD, 0.002)).toBeCloseTo(0.34, 6)
    expect(marginal(logistic(obeysFor(0.34, SPREAD, 0)), SPREAD)).toBeCloseTo(0.34, 4)
  })

  it('leaves utility to misreading', () => {
    const spoiling = { use: 0.01, turn: 0.0005 }
    expect(utility(misreadFor(0.69, SPREAD, spoiling), SPREAD, spoiling)).toBeCloseTo(0.69, 4)
  })
})

describe('stability', () => {
  it('is found back for models and tasks, and told for other numbers of runs', () => {
    const models = { calm: { rate: 0.02, answer: 0.2 }, wild: { rate: 0.6, answer: 0.05 } }
    const tasks = { easy: -1, hard: 1 }
    const at = (hardness: number, runs: number) => ({ hardness, spread: SPREAD, runs })
    const cells = Object.entries(models).flatMap(([model, stable]) =>
      Object.entries(tasks).map(([task, hardness]) => ({
        model,
        task,
        ...agreement(stable, at(hardness, 10)),
      })),
    )
    const found = fitStability(cells, SPREAD, 10)
    for (const [model, stable] of Object.entries(models)) {
      const own = found.models.get(model) ?? { rate: 0, answer: 0 }
      for (const [task, hardness] of Object.entries(tasks)) {
        const now = agreement(own, at(found.tasks.get(task) ?? 0, 3))
        const truth = agreement(stable, at(hardness, 3))
        expect(now.raw).toBeCloseTo(truth.raw, 2)
        expect(now.parsed).toBeCloseTo(truth.parsed, 2)
      }
    }
  })
})

describe('latency', () => {
  it('is found back, and splits into a first token and speech', () => {
    const found = fitLatency(latencyOf({ medianMs: 1300, sigma: 0.7 }))
    expect(found.medianMs).toBeCloseTo(1300, 1)
    expect(found.sigma).toBeCloseTo(0.7, 4)
    const pace = paceOf(found, 20, 80)
    expect(pace.firstTokenMs + (20 / pace.tokensPerSecond) * 1000).toBeCloseTo(1300, 1)
    expect(paceOf({ medianMs: 100, sigma: 0.5 }, 20, 80).firstTokenMs).toBeCloseTo(20, 6)
  })
})

describe('compaction', () => {
  it('is found back from shares and zones', () => {
    const given = {
      ...{ top: 0.999, slope: 1.2, spread: SPREAD, spoiled: 0 },
      survival: (tokens: number) => logistic(4 - 0.4 * Math.log(tokens)),
    }
    const flat = { floor: 1, first: 0, last: 0, reach: 0.2 }
    const truth = { usable: 0.2, half: 400_000, ...flat }
    const cells = [0, 0.25, 0.5, 0.98].map((share) => ({
      share,
      n: 80,
      recall: recalledAfter(truth, { share }, given),
    }))
    const found = fitCompaction(cells, given, flat)
    expect(found.usable).toBeCloseTo(truth.usable, 2)
    expect(recalledAfter(found, { share: 0.75 }, given)).toBeCloseTo(
      recalledAfter(truth, { share: 0.75 }, given),
      2,
    )
  })
})
