// The laws of chance: same id, same uniform; less likely never means more often; a tape says it all.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Decision, flipAt, sampled, swarm, taped } from '../../sim/core/chance.ts'
import { placed } from '../../sim/core/placed.ts'
import { type Ask, answers, asks, byId, ids, keys, probabilities, weighteds } from './asks.ts'

const silent = (): void => {}
const DRAWN = { sampled, swarm }

describe.each(Object.entries(DRAWN))('%s', (_name, drawn) => {
  it('answers the same id alike, in whatever order it is asked', () => {
    const shuffled = asks.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    )
    fc.assert(
      fc.property(keys, shuffled, (key, [all, otherwise]) => {
        const first = answers((record) => drawn(key, record), all)
        const second = answers((record) => drawn(key, record), otherwise)
        expect(second.values).toEqual(
          new Map(otherwise.map(({ id }) => [id, first.values.get(id)])),
        )
      }),
    )
  })

  it('flips the site of a scope as both in one, placed or not', () => {
    const sites = fc.array(fc.tuple(ids, probabilities), { minLength: 1, maxLength: 9 })
    fc.assert(
      fc.property(keys, sites, fc.boolean(), (key, all, isPlaced) => {
        const forced = new Map(isPlaced ? [[all[0]?.[0] ?? '', true]] : [])
        const told = [new Map<string, Decision>(), new Map<string, Decision>()] as const
        const [whole, parts] = told.map((into) =>
          placed(
            forced,
            drawn(key, (decision) => void into.set(decision.id, decision)),
          ),
        )
        for (const [id, p] of all) {
          const end = id.lastIndexOf('/') + 1
          expect(parts?.flipAt?.(id.slice(0, end), id.slice(end), p)).toBe(whole?.flip(id, p))
        }
        expect([...told[1]]).toEqual([...told[0]])
        expect(parts?.met()).toEqual(whole?.met())
      }),
    )
  })

  it('tells of the same answer to the same question once', () => {
    const told: Decision[] = []
    const chance = drawn('key', (decision) => told.push(decision))
    for (let i = 0; i < 3; i++) for (let n = 0; n < 40; n++) chance.flip(`a/b/1/${n}`, 0.5)
    expect(told.length).toBeGreaterThan(0)
    expect(new Set(told.map(({ id }) => id)).size).toBe(told.length)
  })

  it('never adds a true by a smaller probability', () => {
    fc.assert(
      fc.property(keys, ids, probabilities, probabilities, (key, id, p, q) => {
        const chance = drawn(key, silent)
        const [less, more] = [Math.min(p, q), Math.max(p, q)]
        if (chance.flip(id, less)) expect(chance.flip(id, more)).toBe(true)
      }),
    )
  })

  it('never turns competence into a lapse by a lower weight', () => {
    fc.assert(
      fc.property(keys, ids, weighteds, fc.nat(), probabilities, (key, id, weighted, at, share) => {
        const chance = drawn(key, silent)
        if (chance.pick(id, weighted) !== 'none') return
        const lowered = 1 + (at % (weighted.length - 1))
        const fewer = weighted.map(([l, w], i) => [l, i === lowered ? w * share : w] as const)
        expect(chance.pick(id, fewer)).toBe('none')
      }),
    )
  })

  it('is changed by a new label only where that label wins', () => {
    fc.assert(
      fc.property(keys, ids, weighteds, probabilities, (key, id, weighted, weight) => {
        const chance = drawn(key, silent)
        const before = chance.pick(id, weighted)
        const after = chance.pick(id, [...weighted, ['new', weight * 50]])
        expect([before, 'new']).toContain(after)
      }),
    )
  })

  it('gives a tape that repeats every answer and is recorded again as it was', () => {
    fc.assert(
      fc.property(keys, asks, (key, all) => {
        const first = answers((record) => drawn(key, record), all)
        const again = answers((record) => taped(byId(first.tape), record), all)
        expect(again.values).toEqual(first.values)
        expect(byId(again.tape)).toEqual(byId(first.tape))
      }),
    )
  })

  it('records what departs from competence, and nothing else', () => {
    fc.assert(
      fc.property(keys, asks, (key, all) => {
        const { values, tape } = answers((record) => drawn(key, record), all)
        const recorded = byId(tape)
        expect(tape).toHaveLength(recorded.size)
        for (const ask of all) {
          const value = values.get(ask.id)
          if (ask.kind === 'flip') expect(recorded.has(ask.id)).toBe(value === true && ask.p < 1)
          if (ask.kind === 'pick' && value === 'none') expect(recorded.has(ask.id)).toBe(false)
          if (recorded.has(ask.id)) expect(recorded.get(ask.id)).toBe(value)
        }
      }),
    )
  })
})

describe('a flip', () => {
  it('draws and records nothing at 0, and happens unrecorded at 1', () => {
    const tape: Decision[] = []
    const chance = sampled('key', (decision) => tape.push(decision))
    for (let i = 0; i < 1000; i++) {
      expect(chance.flip(`job/step/${i}/site`, 0)).toBe(false)
      expect(chance.flip(`job/step/${i}/site`, 1)).toBe(true)
    }
    expect(tape).toEqual([])
  })

  it('happens at its rate', () => {
    const chance = sampled('key', silent)
    let happened = 0
    for (let i = 0; i < 20_000; i++) if (chance.flip(`job/step/${i}/site`, 0.05)) happened++
    expect(happened / 20_000).toBeCloseTo(0.05, 2)
  })
})

describe('a pick', () => {
  it('falls to each label by its share of the weights', () => {
    const chance = sampled('key', silent)
    const counts = { none: 0, rare: 0, often: 0 }
    for (let i = 0; i < 20_000; i++)
      counts[
        chance.pick(`job/step/${i}/site`, [
          ['none', 1],
          ['rare', 0.25],
          ['often', 3.75],
        ])
      ]++
    expect(counts.none / 20_000).toBeCloseTo(0.2, 1)
    expect(counts.rare / 20_000).toBeCloseTo(0.05, 1)
    expect(counts.often / 20_000).toBeCloseTo(0.75, 1)
  })
})

describe('a sample', () => {
  it('has six significant digits, and no probability', () => {
    fc.assert(
      fc.property(keys, asks, (key, all) => {
        const { tape } = answers((record) => sampled(key, record), all)
        const samples = all.filter(({ kind }) => kind === 'sample').map(({ id }) => id)
        for (const { id, value, p } of tape) {
          if (!samples.includes(id)) continue
          expect(p).toBeNull()
          expect(value).toBe(Number(Number(value).toPrecision(6)))
        }
      }),
    )
  })
})

describe('swarm', () => {
  const rateOf = (site: string, key: string): number => {
    const chance = swarm(key, silent)
    let happened = 0
    for (let i = 0; i < 2000; i++) if (chance.flip(`job/step/${i}/${site}`, 0.02)) happened++
    return happened / 2000
  }

  it('turns some sites off and makes the others likelier', () => {
    const rates = Array.from({ length: 24 }, (_, i) => rateOf(`site-${i}`, 'key'))
    const off = rates.filter((rate) => rate === 0).length
    expect(off).toBeGreaterThan(4)
    expect(off).toBeLessThan(20)
    expect(Math.max(...rates)).toBeGreaterThan(0.08)
    expect(rates.filter((rate) => rate > 0 && rate < 0.01)).toEqual([])
  })

  it('records the probability of the profile, not its own', () => {
    fc.assert(
      fc.property(keys, asks, (key, all) => {
        const { tape } = answers((record) => swarm(key, record), all)
        const asked = new Map<string, Ask>(all.map((ask) => [ask.id, ask]))
        for (const { id, value, p } of tape) {
          const ask = asked.get(id)
          if (ask?.kind === 'flip') expect(p).toBe(ask.p)
          if (ask?.kind !== 'pick') continue
          const total = ask.weighted.reduce((sum, [, weight]) => sum + weight, 0)
          const own = ask.weighted.find(([label]) => label === value)?.[1] ?? 0
          expect(p).toBeCloseTo(own / total, 12)
        }
      }),
    )
  })
})

describe('a tape', () => {
  it('forces what has no probability, and forbids what is certain', () => {
    const tape: Decision[] = []
    const says = new Map<string, Decision['value']>([
      ['a/crash', true],
      ['b/crash', false],
      ['c/lapse', 'impossible'],
    ])
    const chance = taped(says, (decision) => tape.push(decision))
    expect(chance.flip('a/crash', 0)).toBe(true)
    expect(chance.flip('b/crash', 1)).toBe(false)
    expect(
      chance.pick('c/lapse', [
        ['none', 1],
        ['impossible', 0],
      ]),
    ).toBe('impossible')
    expect(tape).toEqual([
      { id: 'a/crash', value: true, p: 0 },
      { id: 'b/crash', value: false, p: 0 },
      { id: 'c/lapse', value: 'impossible', p: 0 },
    ])
    expect(chance.unreached()).toEqual([])
  })

  it('tells exactly which of its decisions nobody could take', () => {
    fc.assert(
      fc.property(keys, asks, asks, (key, asked, more) => {
        const { tape } = answers((record) => sampled(key, record), [...asked, ...more])
        const says = byId(tape)
        const chance = taped(says, silent)
        answers(() => chance, asked)
        const known = new Set(asked.map(({ id }) => id))
        const taken = (id: string): boolean =>
          known.has(id) && asked.some((ask) => ask.id === id && fits(ask, says.get(id)))
        expect(chance.unreached()).toEqual([...says.keys()].filter((id) => !taken(id)))
      }),
    )
  })

  it('counts a decision of the wrong sort, and a label that is not offered, as not reached', () => {
    const says = new Map<string, Decision['value']>([
      ['a/x', 'label'],
      ['b/x', 'gone'],
      ['c/x', true],
    ])
    const chance = taped(says, silent)
    expect(chance.flip('a/x', 0.5)).toBe(false)
    expect(
      chance.pick('b/x', [
        ['none', 1],
        ['other', 1],
      ]),
    ).toBe('none')
    expect(chance.sample('c/x', (u) => u(), 3)).toBe(3)
    expect(chance.unreached()).toEqual(['a/x', 'b/x', 'c/x'])
  })
})

const fits = (ask: Ask, value: Decision['value'] | undefined): boolean =>
  ask.kind === 'flip'
    ? typeof value === 'boolean'
    : ask.kind === 'sample'
      ? typeof value === 'number'
      : ask.weighted.some(([label]) => label === value)

describe('what is placed', () => {
  const forced = new Map<string, Decision['value']>([
    ['a/flip', true],
    ['b/flip', false],
    ['c/lapse', 'rare'],
    ['d/slow', 12],
    ['e/never', true],
  ])
  const all: Ask[] = [
    { kind: 'flip', id: 'a/flip', p: 0 },
    { kind: 'flip', id: 'b/flip', p: 1 },
    {
      kind: 'pick',
      id: 'c/lapse',
      weighted: [
        ['none', 1],
        ['rare', 1e-9],
        ['other', 99],
      ],
    },
    { kind: 'sample', id: 'd/slow', scale: 1 },
  ]

  it('happens whatever its probability, and is not on the tape', () => {
    const { values, tape } = answers((record) => placed(forced, sampled('key', record)), all)
    expect([...values.values()]).toEqual([true, false, 'rare', 12])
    expect(tape).toEqual([])
  })

  it('can be undone by a tape, which then says so', () => {
    const says = new Map<string, Decision['value']>([
      ['a/flip', false],
      ['c/lapse', 'none'],
      ['d/slow', 3],
    ])
    const { values, tape } = answers((record) => placed(forced, taped(says, record)), all)
    expect([...values.values()]).toEqual([false, false, 'none', 3])
    expect(tape.map(({ id, p }) => [id, p])).toEqual([
      ['a/flip', 0],
      ['c/lapse', 0],
      ['d/slow', null],
    ])
  })

  it('is met where it was asked for', () => {
    const chance = placed(forced, sampled('key', silent))
    answers(() => chance, all)
    expect(chance.met()).toEqual(['a/flip', 'b/flip', 'c/lapse', 'd/slow'])
  })

  it('is met by whichever session of the job comes to it first, and by that one alone', () => {
    const chance = placed(new Map([['pay-1/pay/1/fault', true]]), sampled('key', silent))
    const asked = ['pay-10/pay/1/fault', 'pay-1~2/pay/1/fault', 'pay-1/pay/1/fault']
    expect(asked.map((id) => chance.flip(id, 0))).toEqual([false, true, false])
    expect(chance.flip('pay-1~2/pay/1/fault', 0)).toBe(true)
    expect(chance.met()).toEqual(['pay-1/pay/1/fault'])
  })

  it('is met at the same operation of the job, however many sessions it takes', () => {
    const events = (sessions: readonly (readonly [string, number])[]) => {
      const chance = placed(new Map([['a/call#3/crash', true]]), sampled('key', silent))
      return sessions.flatMap(([session, calls]) =>
        Array.from({ length: calls }, (_, i) => `${session}/call#${i + 1}`).filter(
          (key) => flipAt(chance, `${key}/`, 'yield', 0) || flipAt(chance, `${key}/`, 'crash', 0),
        ),
      )
    }
    expect(events([['a', 5]])).toEqual(['a/call#3'])
    expect(
      events([
        ['a', 2],
        ['a~2', 3],
      ]),
    ).toEqual(['a~2/call#1'])
    expect(
      events([
        ['a', 1],
        ['a~2', 1],
        ['a~3', 1],
        ['a~4', 1],
      ]),
    ).toEqual(['a~3/call#1'])
    expect(
      events([
        ['a', 5],
        ['a~2', 5],
      ]),
    ).toEqual(['a/call#3'])
    expect(events([['b', 5]])).toEqual([])
  })

  it('leaves a pick that does not offer it to chance', () => {
    const chance = placed(forced, sampled('key', silent))
    expect(chance.pick('c/lapse', [['none', 1]])).toBe('none')
  })
})
