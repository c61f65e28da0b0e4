// Recall: what stands in the window is not yet usable. The forms against what was published, their laws,
// and what provokes a miss: each by the probability that is asked for.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type Chance, competence, taped } from '../../sim/core/chance.ts'
import type { Message } from '../../sim/core/message.ts'
import { tokens } from '../../sim/core/tokens.ts'
import { MODEL, type Profile, type Program } from '../../sim/cpu/index.ts'
import { View } from '../../sim/cpu/read.ts'
import { byLength, byPosition, older, usable } from '../../sim/cpu/recall.ts'
import { checkTape } from '../../testbed/tape-file.ts'
import { drawn, house } from '../machine/rig.ts'
import { exchange, flawless, says, ship, user } from './desk.ts'

type Recall = Profile['recall']

const withRecall = (recall: Partial<Recall>, from = flawless): Profile => ({
  ...from,
  recall: { ...from.recall, ...recall },
})

/** A chance at which nothing departs, and what it was asked. */
function listening(): { readonly chance: Chance; readonly asked: Map<string, number> } {
  const asked = new Map<string, number>()
  const flip = (id: string, p: number): boolean => {
    asked.set(id, p)
    return false
  }
  return { chance: { ...competence, flip }, asked }
}

const ORDER = user('[[task:ship=job-1]] For [[fact:owner=ana]], see [[place:port=port.txt]].')
const LOOKED = exchange('job-1.look.1', 'port [[fact:port=80]]')
const prose = (words: number): string => 'and then '.repeat(words / 2)

interface Asking {
  readonly recall?: Partial<Recall>
  readonly profile?: Profile
  readonly windowTokens?: number
}

/** The probabilities of the flips about the port, by site, as the model writes it down. */
function askedOf(messages: readonly Message[], asking: Asking) {
  const { chance, asked } = listening()
  const { recall = {}, profile = withRecall(recall), windowTokens = 100_000 } = asking
  const thought = says({ programs: [ship], profile, windowTokens }, messages, chance).thought
  expect(thought?.step).toBe('write')
  return {
    forgets: asked.get('job-1/know-port/1/forgets') ?? Number.NaN,
    takesOlder: asked.get('job-1/know-port/1/takes-older'),
  }
}

const forgets = (messages: readonly Message[], recall: Partial<Recall>, windowTokens?: number) =>
  askedOf(messages, windowTokens === undefined ? { recall } : { recall, windowTokens }).forgets

describe('recall against position', () => {
  interface Row {
    readonly model: string
    readonly condition: string
    readonly value: number
  }
  const file = 'testbed/published/lost_in_the_middle_experiments.yaml'
  const { rows } = parse(readFileSync(file, 'utf8')) as { rows: Row[] }
  const cellsOf = (model: string): [place: number, value: number][] =>
    rows.flatMap(({ model: other, condition, value }) => {
      const place = /gold_at (\d+)$/.exec(condition)?.[1]
      return other === model && place !== undefined ? [[Number(place) / 19, value]] : []
    })

  /** Least squares over a grid of ends; the floor is what is left, on average. */
  function fitted(model: string): { top: number; recall: Recall } {
    const cells = cellsOf(model)
    expect(cells).toHaveLength(5)
    let best = { loss: Number.POSITIVE_INFINITY, top: 0, recall: flawless.recall }
    const reach = 0.2
    for (let first = 0; first <= 0.4; first += 0.01) {
      for (let last = 0; last <= 0.4; last += 0.01) {
        const recall = { ...flawless.recall, floor: 1 - Math.max(first, last), first, last, reach }
        const curve = cells.map(([place]) => byPosition({ recall }, place))
        const dot = cells.reduce((sum, [, value], i) => sum + value * (curve[i] ?? 0), 0)
        const top = dot / curve.reduce((sum, g) => sum + g * g, 0)
        const loss = cells.reduce((sum, [, v], i) => sum + (v - top * (curve[i] ?? 0)) ** 2, 0)
        if (loss < best.loss) best = { loss, top, recall }
      }
    }
    return best
  }

  it.each([
    ['mpt-30b-instruct', 'U'],
    ['longchat-13b-16k', 'start'],
    ['llama-2-70b-chat-hf', 'end'],
  ])('takes the shape that was published for %s: %s', (model, shape) => {
    const { top, recall } = fitted(model)
    for (const [place, value] of cellsOf(model))
      expect(Math.abs(top * byPosition({ recall }, place) - value)).toBeLessThan(0.03)
    const { first, last } = recall
    if (shape === 'start') expect(first).toBeGreaterThan(4 * last)
    if (shape === 'end') expect(last).toBeGreaterThan(4 * first)
    if (shape === 'U') expect(Math.min(first, last)).toBeGreaterThan(0.02)
  })

  it('is helped by one end alone where the other adds nothing', () => {
    const at = (recall: Partial<Recall>) =>
      [0, 0.5, 1].map((place) =>
        byPosition(withRecall({ floor: 0.6, reach: 0.2, ...recall }), place),
      )
    const [start, middle, end] = at({ first: 0.4, last: 0 })
    expect(start).toBe(1)
    expect(middle).toBeCloseTo(0.6 + 0.4 * Math.exp(-2.5))
    expect(end).toBeCloseTo(0.6, 2)
    expect(at({ first: 0, last: 0.4 })).toEqual([end, middle, start])
    expect(at({ first: 0, last: 0 })).toEqual([1, 1, 1])
  })

  it('is 1 at its best place, and goes by the proportions alone', () => {
    const places = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(recalls, places, fc.double({ min: 0.1, max: 1, noNaN: true }), (recall, x, k) => {
        const { floor, first, last } = recall
        fc.pre(floor + first + last > 1e-6)
        const less = { ...recall, floor: k * floor, first: k * first, last: k * last }
        expect(byPosition({ recall: less }, x)).toBeCloseTo(byPosition({ recall }, x), 9)
        const ends = [0, 1].map((place) => byPosition({ recall }, place))
        expect(Math.max(...ends)).toBeCloseTo(1, 9)
      }),
    )
  })

  it('is never better between two places than at the better of them', () => {
    const three = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
      minLength: 3,
      maxLength: 3,
    })
    fc.assert(
      fc.property(recalls, three, (recall, unsorted) => {
        const [a = 0, b = 0, c = 0] = unsorted
          .toSorted((x, y) => x - y)
          .map((place) => byPosition({ recall }, place))
        expect(b).toBeLessThanOrEqual(Math.max(a, c) + 1e-12)
      }),
    )
  })

  it('goes by where in a long message a fact stands', () => {
    const recall = { floor: 0.5, first: 0.5, last: 0, reach: 0.2 }
    const [early, late] = [100, 900].map((words) => {
      const text = `${prose(words)} [[fact:port=80]] ${prose(1000 - words)}`
      return forgets([ORDER, ...exchange('job-1.look.1', text)], recall)
    })
    expect(early).toBeLessThan(0.35)
    expect(late).toBeGreaterThan(0.45)
  })
})

/** Any recall that a profile may have. */
const recalls: fc.Arbitrary<Recall> = fc.record(
  Object.fromEntries(
    Object.entries(MODEL.recall).map(([name, { unit, min, max }]) => [
      name,
      unit === 'tokens'
        ? fc
            .double({ min: Math.log(min), max: Math.log(max), noNaN: true })
            .map((log) => Math.min(max, Math.exp(log)))
        : fc.double({ min, max, noNaN: true }),
    ]),
  ) as { [P in keyof Recall]: fc.Arbitrary<number> },
)

describe('recall against length', () => {
  const lengths = fc.integer({ min: 1, max: 2_000_000 })

  it('is never better in a longer window', () => {
    fc.assert(
      fc.property(recalls, lengths, lengths, fc.boolean(), (recall, a, b, semantic) => {
        const profile = { recall, window: { ...flawless.window, trained: 100_000 } }
        const [short, long] = [Math.min(a, b), Math.max(a, b)].map((n) =>
          byLength(profile, semantic, n, 1),
        )
        expect(long).toBeLessThanOrEqual(short ?? 0)
      }),
    )
  })

  it('is the same in the same share of a smaller window', () => {
    fc.assert(
      fc.property(recalls, lengths, fc.integer({ min: 1, max: 64 }), (recall, n, times) => {
        const profile = { recall, window: { ...flawless.window, trained: 100_000 } }
        expect(byLength(profile, true, n / times, 1 / times)).toBeCloseTo(
          byLength(profile, true, n, 1),
          9,
        )
      }),
    )
  })

  it('scales with the window, through to what is asked', async () => {
    const recall = { semanticHalf: 20_000, literalHalf: 20_000, distractors: 0 }
    const profile = withRecall(recall, await house.profile('typical'))
    const [small, large] = [1, 8].map((times) => {
      const messages = [ORDER, ...LOOKED, user(prose(800 * times))]
      return askedOf(messages, { profile, windowTokens: 4000 * times }).forgets
    })
    expect(small).toBeGreaterThan(0.2)
    expect(Math.abs((small ?? 0) - (large ?? 1))).toBeLessThan(0.03)
  })
})

describe('usable', () => {
  const counted = tokens()
  const facts = fc.array(
    fc.record({
      name: fc.constantFrom('port', 'port-2', 'port-3', 'owner'),
      value: fc.constantFrom('1', '2'),
      words: fc.nat({ max: 300 }),
      lead: fc.constantFrom('', 'Noted ', '(summary 2) Noted '),
    }),
    { minLength: 1, maxLength: 12 },
  )
  const viewOf = (of: { name: string; value: string; words: number; lead: string }[]): View => {
    const view = new View(counted)
    const said = of.map(({ name, value, words, lead }) =>
      user(`${prose(words)} ${lead}[[fact:${name}=${value}]]`),
    )
    view.update([user('Hello.'), ...said])
    return view
  }

  it('is a probability, whatever the profile and the window', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(recalls, facts, share, fc.boolean(), (recall, said, inSummary, semantic) => {
        const summary = { ...flawless.summary, usable: inSummary }
        const reader = { profile: { ...flawless, recall, summary }, windowTokens: 8000 }
        const view = viewOf(said)
        const p = usable(reader, view, { kind: 'fact', name: 'port', semantic })
        expect(p).toBeGreaterThanOrEqual(0)
        expect(p).toBeLessThanOrEqual(1)
        const other = older({ recall }, view.atoms.get('fact:port') ?? [])
        expect(other === undefined || (other.p >= 0 && other.p <= 1)).toBe(true)
      }),
    )
  })

  it('is never more with another fact of a like name in view', () => {
    const port = { kind: 'fact', name: 'port', semantic: false } as const
    const anywhere = { literalSlope: 0, floor: 1, first: 0, last: 0 }
    fc.assert(
      fc.property(recalls, facts, (recall, said) => {
        const reader = { profile: withRecall({ ...recall, ...anywhere }), windowTokens: 8000 }
        const like = { name: 'port-9', value: '1', words: 0, lead: '' }
        const [fewer, more] = [said, [...said, like]].map((all) =>
          usable(reader, viewOf(all), port),
        )
        expect(more).toBeLessThanOrEqual(fewer ?? 0)
      }),
    )
  })

  it('knows what leaves the window for gone', () => {
    const view = viewOf([])
    const all = ['port', 'port-2', 'port-2', 'port.x', 'owner'].map((name) =>
      user(`[[fact:${name}=1]]`),
    )
    for (const [kept, count] of [
      [5, 3],
      [3, 2],
      [4, 3],
      [1, 1],
    ] as const) {
      view.update(all.slice(0, kept))
      expect(view.likes.of('fact', 'port')).toBe(count)
    }
    view.update(all.slice(2))
    expect(view.likes.of('fact', 'port-7')).toBe(2)
  })
})

describe('what provokes a miss', () => {
  const half = { literalTop: 0.9, literalSlope: 1, literalHalf: 2000 }
  const before = [ORDER, ...LOOKED]

  it('is length: recall falls as the window fills', () => {
    const [near, far] = [0, 4000].map((words) => forgets([...before, user(prose(words))], half))
    expect(near).toBeLessThan(0.2)
    expect(far).toBeGreaterThan(0.6)
    expect(forgets([...before, user(prose(4000))], {})).toBeLessThan(1e-9)
  })

  it('is the cliff past the length that was trained', () => {
    const cliff = { literalTop: 0.9, beyond: 0.1 }
    const window = { ...flawless.window, native: 40_000, trained: 20_000 }
    const at = (words: number, windowTokens: number) => {
      const profile = withRecall(cliff, { ...flawless, window })
      return askedOf([...before, user(prose(words))], { profile, windowTokens }).forgets
    }
    expect(at(3500, 8000)).toBeCloseTo(0.1)
    expect(at(4500, 8000)).toBeCloseTo(0.91)
    expect(at(4500, 40_000)).toBeCloseTo(0.1)
  })

  it('is its place: the middle, where both ends help', () => {
    const ends = { floor: 0.5, first: 0.5, last: 0.5, reach: 0.1 }
    const at = (words: number) =>
      forgets([ORDER, user(prose(words)), ...LOOKED, user(prose(2000 - words))], ends)
    expect(at(1000)).toBeGreaterThan(0.45)
    expect(at(2000)).toBeLessThan(0.05)
  })

  it('is meaning: a fact that is not found by its letters', () => {
    const fades = { semanticTop: 0.9, semanticHalf: 500, semanticSlope: 1 }
    const program: Program = { ...ship, facts: { port: { origin: 'stable', semantic: true } } }
    const { chance, asked } = listening()
    const desk = { programs: [program], profile: withRecall(fades) }
    says(desk, [...before, user(prose(2000))], chance)
    expect(asked.get('job-1/know-port/1/forgets')).toBeGreaterThan(0.8)
    expect(forgets([...before, user(prose(2000))], fades)).toBeLessThan(1e-9)
  })

  it('is other facts of a like name, and no others', () => {
    const prone = { literalTop: 0.9, distractors: 0.5 }
    const others = (name: string) =>
      user(Array.from({ length: 20 }, (_, i) => `[[fact:${name}-${i}=1]]`).join(' '))
    expect(forgets([...before, others('rate')], prone)).toBeCloseTo(0.1)
    const crowded = forgets([...before, others('port')], prone)
    expect(crowded / (1 - crowded)).toBeCloseTo((0.1 / 0.9) * Math.sqrt(21))
    expect(forgets([...before, others('port')], { ...prone, distractors: 0 })).toBeCloseTo(0.1)
  })

  it('is that only a summary says it', () => {
    const profile = {
      ...withRecall({ literalTop: 0.9 }),
      summary: { ...flawless.summary, usable: 0.2 },
    }
    const told = '(summary 1) - The task is [[task:ship=job-1]]. - Done: [[done:job-1/look]].'
    const summary = user(`${told} - Noted [[fact:port=80]]. - Noted [[fact:owner=ana]].`)
    expect(askedOf([summary], { profile }).forgets).toBeCloseTo(1 - 0.9 * 0.2)
    expect(askedOf([summary, summary], { profile }).forgets).toBeCloseTo(1 - 0.9 * 0.2)
    const said = user('The port is [[fact:port=80]].')
    expect(askedOf([summary, said], { profile }).forgets).toBeCloseTo(0.1)
    expect(askedOf([summary, said, summary], { profile }).forgets).toBeCloseTo(0.1)
    const whole = { ...profile, summary: { ...profile.summary, usable: 1 } }
    expect(askedOf([summary], { profile: whole }).forgets).toBeCloseTo(0.1)
  })
})

describe('two versions of a fact', () => {
  const OLD = [ORDER, ...LOOKED]
  const NEW = user('The port is now [[fact:port=81]].')
  const takes = (messages: Message[], p: number) =>
    askedOf(messages, { recall: { older: p } }).takesOlder

  it('let the older one be taken: no question where there is one alone', () => {
    expect(takes(OLD, 0.2)).toBeUndefined()
    expect(takes([...OLD, user('Still [[fact:port=80]].')], 0.2)).toBeUndefined()
    expect(takes([...OLD, NEW], 0)).toBe(0)
    expect(takes([...OLD, NEW], 0.2)).toBeCloseTo(0.2)
  })

  it('weigh by how often each is said', () => {
    const oddsOf = (messages: Message[]): number => {
      const p = takes(messages, 0.2) ?? Number.NaN
      return p / (1 - p)
    }
    expect(oddsOf([...OLD, NEW, NEW])).toBeCloseTo(0.25 / 2)
    expect(oddsOf([...OLD, user('[[fact:port=80]]'), NEW])).toBeCloseTo(0.25 * 2)
    expect(oddsOf([...OLD, user('[[fact:port=7]]'), NEW])).toBeCloseTo(0.25 * 2)
  })

  it('are told apart in the account of what the model went by', () => {
    const stale = new Map([['job-1/know-port/1/takes-older', true]])
    const chance = taped(stale, () => {})
    const { utterance, thought } = says({ programs: [ship] }, [...OLD, NEW], chance)
    expect(utterance.calls[0]?.args).toContain('80 ana north 81')
    expect(thought?.needs).toContainEqual({ fact: 'port', status: 'stale', value: '80' })
    expect(chance.unreached()).toEqual([])
  })

  it('can stand on a tape, with a value that can be', async () => {
    const run = 'compaction/ledger@0.0:micro:typical:1'
    const { users } = await drawn('compaction/ledger')
    const tape = (value: boolean | string) => ({
      run,
      decisions: new Map([[`${users[0]?.jobs[0]?.id}/know-rate/1/takes-older`, value]]),
    })
    await expect(checkTape(tape(true), 'mine.yaml', house)).resolves.toBeUndefined()
    await expect(checkTape(tape('old'), 'mine.yaml', house)).rejects.toThrow('expected a boolean')
  })
})

describe('a fact whose name has dots and slashes', () => {
  const name = 'db.main/port'
  const program: Program = {
    name: 'ship',
    facts: { [name]: { origin: 'stable' } },
    steps: [
      {
        id: 'write',
        needs: [name],
        call: { op: 'files.write', args: { path: 'out.txt', content: 'Ship.' } },
        effect: 'idempotent',
      },
    ],
    answer: 'Shipped.',
  }
  const order = user(`[[task:ship=job-1]] [[place:${name}=p.txt]]`)

  it('has decisions with four parts, and is not fetched for ever', () => {
    const { chance, asked } = listening()
    const desk = { programs: [program] }
    says(desk, [order, user(`[[fact:${name}=80]]`)], chance)
    expect([...asked.keys()]).toEqual(['job-1/know-db_main_port/1/forgets'])
    const [call] = says(desk, [order]).utterance.calls
    expect(call?.id).toBe('job-1.get-db_main_port.1')
    const nothing = exchange(call?.id ?? '', 'Nothing of the kind.')
    expect(says(desk, [order, ...nothing]).thought?.step).toBe('find-db_main_port')
  })

  it('is told from one that is known without the window', () => {
    const facts = { [name]: { origin: 'stable', innate: '5432' } } as const
    const { thought } = says({ programs: [{ ...program, facts }] }, [order])
    expect(thought?.needs).toEqual([{ fact: name, status: 'innate', value: '5432' }])
  })
})
