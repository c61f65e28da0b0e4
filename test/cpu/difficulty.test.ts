// Difficulty: what is hard for one is hard for all. It moves the odds of lapses, and of nothing else.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instanceOf, paramsOf } from '../../scenarios/scenario.ts'
import {
  type Chance,
  competence,
  type Decision,
  sampled,
  swarm,
  taped,
  withOdds,
} from '../../sim/core/chance.ts'
import { conditional, harder, marginal, shifted } from '../../sim/core/difficulty.ts'
import { draw } from '../../sim/core/draw.ts'
import { normal } from '../../sim/core/normal.ts'
import { placed } from '../../sim/core/placed.ts'
import type { Profile } from '../../sim/cpu/index.ts'
import { probabilities, weighteds } from '../core/asks.ts'
import { drawn, house, kernelNamed, play } from '../machine/rig.ts'

const logits = fc.double({ min: -8, max: 8, noNaN: true })
const spreads = fc.double({ min: 0, max: 10, noNaN: true })
const oddsOf = (p: number): number => p / (1 - p)
const silent = (): void => {}

/** What a chance was asked through another one. */
function heard(logit: number) {
  const asked: [string, unknown][] = []
  const flip = (id: string, p: number): boolean => {
    asked.push([id, p])
    return false
  }
  const pick: Chance['pick'] = (id, weighted, odds = 1) => {
    asked.push([id, withOdds(weighted, odds)])
    return competence.pick(id, weighted)
  }
  return { chance: harder({ ...competence, flip, pick }, logit), asked }
}

describe('a harder instance', () => {
  it('leaves 0 and 1, and multiplies the odds of all between', () => {
    fc.assert(
      fc.property(probabilities, logits, (p, logit) => {
        const moved = shifted(p, Math.exp(logit))
        expect(moved).toBeGreaterThanOrEqual(0)
        expect(moved).toBeLessThanOrEqual(1)
        if (p === 0 || p === 1) expect(moved).toBe(p)
        else if (p > 1e-6 && p < 1 - 1e-6)
          expect(Math.log(oddsOf(moved)) - Math.log(oddsOf(p))).toBeCloseTo(logit, 5)
      }),
    )
    for (const odds of [0, 1e-300, 1e300])
      expect([0, 1].map((p) => shifted(p, odds))).toEqual([0, 1])
  })

  it('asks what the profile says where it is the median one', () => {
    const { chance, asked } = heard(0)
    chance.flip('job/step/1/lapse', 0.1)
    expect(asked).toEqual([['job/step/1/lapse', 0.1]])
  })

  it('makes all lapses likelier against competence, and none against another', () => {
    fc.assert(
      fc.property(weighteds, logits, (weighted, logit) => {
        const { chance, asked } = heard(logit)
        chance.pick('job/step/1/lapse', weighted)
        const [first, ...others] = (asked[0]?.[1] ?? []) as [string, number][]
        expect(first).toEqual(weighted[0])
        for (const [i, [label, weight]] of others.entries()) {
          expect(label).toBe(weighted[i + 1]?.[0])
          expect(weight).toBe((weighted[i + 1]?.[1] ?? 0) * Math.exp(logit))
        }
      }),
    )
  })

  it('leaves alone how a lapse looks, choices among equals, and answers said again', () => {
    const { chance, asked } = heard(3)
    const free: [string, unknown][] = [
      ['job/step/1/malformed-arguments/cut', [['string', 1] as const, ['bracket', 2] as const]],
      ['job/know-label/1/chooses', [['north', 1] as const, ['south', 1] as const]],
    ]
    for (const [id, weighted] of free) chance.pick(id, weighted as [string, number][])
    for (const id of ['job/step/1/phantom-tool/same-name', 'job/step/2/same']) chance.flip(id, 0.3)
    expect(asked).toEqual([
      ...free,
      ['job/step/1/phantom-tool/same-name', 0.3],
      ['job/step/2/same', 0.3],
    ])
  })

  it('is still overruled by what is placed, and by a tape', () => {
    const forced = new Map<string, Decision['value']>([
      ['job/a/1/lapse', 'wrong'],
      ['job/know-a/1/forgets', false],
    ])
    const labels = [['none', 1] as const, ['wrong', 0.1] as const, ['worse', 50] as const]
    for (const chance of [
      harder(placed(forced, sampled('key', silent)), 4),
      harder(taped(forced, silent), 4),
    ]) {
      expect(chance.pick('job/a/1/lapse', labels)).toBe('wrong')
      expect(chance.flip('job/know-a/1/forgets', 0.999)).toBe(false)
    }
  })

  it('puts the probability of this instance on the tape, by a swarm too', () => {
    const labels = [['none', 1] as const, ['wrong', 0.25] as const]
    for (const from of [sampled, swarm]) {
      const tape: Decision[] = []
      for (let seed = 0; seed < 40; seed++) {
        const chance = harder(
          from(`${seed}`, (decision) => tape.push(decision)),
          1,
        )
        chance.flip('job/know-a/1/forgets', 0.2)
        chance.pick('job/a/1/lapse', labels)
      }
      const of = (value: Decision['value']) => tape.filter((decision) => decision.value === value)
      const wanted = [0.25, 0.25].map((odds) => (odds * Math.E) / (1 + odds * Math.E))
      for (const [i, decided] of [of(true), of('wrong')].entries()) {
        expect(decided.length).toBeGreaterThan(0)
        for (const { p } of decided) expect(p).toBeCloseTo(wanted[i] ?? 0, 9)
      }
    }
  })
})

describe('the mean over instances', () => {
  it('is what many instances have, drawn one by one', () => {
    const { next } = draw('instances')
    for (const [p, spread] of [
      [0.01, 1],
      [0.2, 2],
      [0.6, 0.7],
    ] as const) {
      let sum = 0
      for (let i = 0; i < 20_000; i++) sum += shifted(p, Math.exp(spread * normal(next)))
      expect(Math.abs(sum / 20_000 - marginal(p, spread))).toBeLessThan(0.006)
    }
  })

  it('is nearer to one half than that of the median instance, and the same without a spread', () => {
    const inner = fc.double({ min: 1e-4, max: 1 - 1e-4, noNaN: true })
    fc.assert(
      fc.property(inner, spreads, (p, spread) => {
        const mean = marginal(p, spread)
        expect(Math.abs(mean - 0.5)).toBeLessThanOrEqual(Math.abs(p - 0.5) + 1e-9)
        expect(mean + marginal(1 - p, spread)).toBeCloseTo(1, 9)
        expect(marginal(p, 0)).toBe(p)
      }),
    )
    expect([0, 1].map((p) => marginal(p, 3))).toEqual([0, 1])
  })

  it('is turned back into that of the median instance', () => {
    const inner = fc.double({ min: 1e-3, max: 1 - 1e-3, noNaN: true })
    const narrow = fc.double({ min: 0, max: 4, noNaN: true })
    fc.assert(
      fc.property(inner, narrow, (p, spread) => {
        expect(conditional(marginal(p, spread), spread)).toBeCloseTo(p, 6)
        expect(marginal(conditional(p, spread), spread)).toBeCloseTo(p, 9)
      }),
    )
    expect([0, 1].map((p) => conditional(p, 3))).toEqual([0, 1])
    expect(conditional(0.3, 0)).toBe(0.3)
  })
})

const typical = await house.profile('typical')
const flawless = await house.profile('flawless')
const micro = await kernelNamed('micro')
const withSpread = (profile: Profile, spread: number): Profile => ({
  ...profile,
  instance: { ...profile.instance, spread },
})

describe('on the machine', () => {
  it('moves the odds of lapses and no question about the machine itself', async () => {
    const instance = await drawn('compaction/exactly-once', { invoices: 2, distance: 300 })
    const profile = withSpread(typical, 1)
    const [median, hard] = await Promise.all(
      [0, 2].map((difficulty) =>
        play({ kernel: micro, instance: { ...instance, difficulty }, profile }),
      ),
    )
    const questions = (isEvent: boolean) =>
      [median, hard].map((run) => run?.asked.filter(({ id }) => id.includes('#') === isEvent))
    const [events, sameEvents] = questions(true)
    expect(events?.length).toBeGreaterThan(10)
    expect(sameEvents).toEqual(events)
    const [easy = [], harder = []] = questions(false)
    expect(harder.map(({ id }) => id)).toEqual(easy.map(({ id }) => id))
    const moved = easy.filter(({ id }) => /\/(lapse|forgets)$/.test(id))
    expect(moved.length).toBeGreaterThan(4)
    for (const { id, about } of moved) {
      const now = harder.find((other) => other.id === id)?.about
      if (typeof about === 'number') {
        expect(oddsOf(now as number)).toBeCloseTo(oddsOf(about) * Math.exp(2), 9)
        continue
      }
      for (const [i, [label, weight]] of (about as [string, number][]).entries())
        expect((now as [string, number][])[i]).toEqual([
          label,
          label === 'none' ? 1 : weight * Math.exp(2),
        ])
    }
  })

  it('asks nothing of a lapse after the turns of trouble', async () => {
    const instance = await drawn('compaction/exactly-once', { invoices: 2, distance: 300 })
    const profile = withSpread(typical, 1)
    const run = await play({
      kernel: micro,
      instance: { ...instance, difficulty: 3, troubleTurns: 3 },
      profile,
    })
    expect(run.simulation.requests).toBeGreaterThan(3)
    expect(run.asked.filter(({ id }) => id.endsWith('/lapse'))).toHaveLength(3)
  })

  it('is drawn by scenario and instance alone', async () => {
    const id = 'compaction/exactly-once'
    const scenario = await house.scenario(id)
    const of = (invoices: number, instance: number) =>
      instanceOf(id, scenario, paramsOf(id, scenario, { invoices }), `1|${id}|${instance}`)
        .difficulty
    expect(of(2, 0)).toBe(of(5, 0))
    const all = Array.from({ length: 400 }, (_, i) => of(1, i))
    const mean = all.reduce((sum, z) => sum + z, 0) / all.length
    const variance = all.reduce((sum, z) => sum + (z - mean) ** 2, 0) / all.length
    expect(Math.abs(mean)).toBeLessThan(0.15)
    expect(Math.abs(variance - 1)).toBeLessThan(0.2)
  })
})

/** The intra-class correlation by one-way analysis of variance: of rows of trials, each an instance. */
function correlation(rows: readonly (readonly number[])[]): number {
  const trials = rows[0]?.length ?? 0
  const meanOf = (of: readonly number[]) => of.reduce((sum, x) => sum + x, 0) / of.length
  const means = rows.map(meanOf)
  const whole = meanOf(means)
  const squares = (of: readonly number[], around: number): number =>
    of.reduce((sum, x) => sum + (x - around) ** 2, 0)
  const between = (trials * squares(means, whole)) / (rows.length - 1)
  const within =
    rows.reduce((sum, row, i) => sum + squares(row, means[i] ?? 0), 0) /
    (rows.length * (trials - 1))
  return (between - within) / (between + (trials - 1) * within)
}

describe('success over the trials of one instance', () => {
  const [INSTANCES, TRIALS, LAPSE] = [40, 6, 0.35]
  const id = 'compaction/exactly-once'

  async function solved(spread: number): Promise<number[][]> {
    const rate = conditional(LAPSE, spread)
    const wrong = { ...flawless.behaviours['wrong-value'], rate }
    const profile = withSpread(
      { ...flawless, behaviours: { ...flawless.behaviours, 'wrong-value': wrong } },
      spread,
    )
    const { check } = await house.scenario(id)
    const rows: number[][] = []
    for (let i = 0; i < INSTANCES; i++) {
      const instance = await drawn(id, { invoices: 2, distance: 100, window: 100_000 }, i)
      const row: number[] = []
      for (let trial = 0; trial < TRIALS; trial++) {
        const run = await play({
          kernel: micro,
          instance,
          profile,
          chance: `1|${id}|${i}|${trial}`,
        })
        const after = run.simulation.world.data()
        const judged = { instance, before: instance.world, after, trace: run.trace }
        row.push(check(judged).length === 0 ? 1 : 0)
      }
      rows.push(row)
    }
    return rows
  }

  it('is correlated by the spread, and not without one', async () => {
    const [even, spread] = [await solved(0), await solved(1.5)]
    const share = (rows: number[][]) =>
      rows.flat().reduce((sum, x) => sum + x, 0) / rows.flat().length
    for (const rows of [even, spread]) {
      expect(share(rows)).toBeGreaterThan(0.2)
      expect(share(rows)).toBeLessThan(0.8)
    }
    expect(Math.abs(correlation(even))).toBeLessThan(0.1)
    expect(correlation(spread)).toBeGreaterThan(0.2)
  })
})
