// What every behaviour, fault and profile keeps: tested by being there. Off, it changes nothing; on, it
// fires, as often as its parameter says; a tape can force it and forbid it.
import { describe, expect, it } from 'vitest'
import type { Decision } from '../../sim/core/chance.ts'
import type { Param, Params } from '../../sim/core/param.ts'
import { MODEL, offOf, type Profile } from '../../sim/cpu/index.ts'
import { profileOf } from '../../sim/cpu/profile.ts'
import { house, type Played, play } from '../machine/rig.ts'
import { SCENES, type Scene } from './scenes.ts'

const profiles = await Promise.all(
  (await house.catalog.ids('profile')).map((id) => house.profile(id)),
)
const flawless = await house.profile('flawless')
const hostile = await house.profile('hostile')

type Table = 'behaviours' | 'faults'

const paramsOf = (table: Table, id: string): Readonly<Record<string, Param>> =>
  house[table].get(id)?.params ?? {}

const withParams = (profile: Profile, table: Table, id: string, set: Params): Profile => ({
  ...profile,
  [table]: { ...profile[table], [id]: { ...profile[table][id], ...set } },
})

/** How often something happens by itself: what turns it off at 0. */
const ratesOf = (table: Table, id: string, rate: number): Params =>
  Object.fromEntries(Object.keys(offOf(paramsOf(table, id))).map((name) => [name, rate]))

/** Alone on a flawless model, at a rate, and nothing that provokes it counts. */
const alone = (table: Table, id: string, rate: number): Profile => {
  const neutral = Object.entries(paramsOf(table, id)).flatMap(([name, { unit }]) =>
    unit === 'logit' ? [[name, 0]] : unit === 'factor on odds' ? [[name, 1]] : [],
  )
  const set = { ...Object.fromEntries(neutral), ...ratesOf(table, id, rate) }
  return withParams(flawless, table, id, set)
}

const asked = (
  scene: Scene,
  chance: string | Record<string, Decision['value']>,
  profile: Profile,
) => play({ ...scene, chance, profile })

interface Question {
  readonly at: string
  /** The probability at which it was asked. */
  readonly p: number
  readonly happens: boolean
}

/** The questions at which it could have happened, each once. */
function questions(run: Played, table: Table, id: string): Question[] {
  const found = new Map<string, Question>()
  for (const { id: at, about, value } of run.asked) {
    const site = at.slice(at.lastIndexOf('/') + 1)
    if (table === 'faults') {
      if (site === id) found.set(at, { at, p: Number(about), happens: value === true })
    } else if (site === 'lapse' || site === 'words') {
      const weights = new Map(about as [string, number][])
      const weight = weights.get(id)
      if (weight === undefined) continue
      const total = [...weights.values()].reduce((sum, other) => sum + other, 0)
      found.set(at, { at, p: weight / total, happens: value === id })
    }
  }
  return [...found.values()]
}

/** What can be seen of a lapse or a fault, beside the decision itself. */
const spoken = ({ trace }: Played) => trace.filter(({ kind }) => kind !== 'decision')

const plain = new Map<Scene, Played>()
for (const scene of SCENES) plain.set(scene, await asked(scene, {}, flawless))

/** The scenes in which an entry can happen at all, with the questions of a run without any lapse. */
function scenesOf(table: Table, id: string): (readonly [Scene, readonly Question[]])[] {
  const found = [...plain].flatMap(([scene, run]) => {
    const asks = questions(run, table, id)
    return asks.length > 0 ? [[scene, asks] as const] : []
  })
  const where = SCENES.map(({ name }) => name).join(', ')
  if (found.length === 0)
    throw new TypeError(
      `${table}/${id} is asked for in none of the scenes (${where}): give it one in test/cpu/scenes.ts`,
    )
  return found
}

/** Wilson's interval for a share, at about one in 100,000 to be missed on either side. */
function interval(count: number, of: number): readonly [low: number, high: number] {
  const z = 4.26
  const share = count / of
  const middle = share + (z * z) / (2 * of)
  const half = z * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of))
  return [(middle - half) / (1 + (z * z) / of), (middle + half) / (1 + (z * z) / of)]
}

const entries: [Table, string][] = [
  ...[...house.behaviours.keys()].map((id): [Table, string] => ['behaviours', id]),
  ...[...house.faults.keys()].map((id): [Table, string] => ['faults', id]),
]

const without = <V>(all: ReadonlyMap<string, V>, id: string): Map<string, V> =>
  new Map([...all].filter(([other]) => other !== id))

/** Questions and places enough for a law; the laws hold for all of them. */
const ENOUGH = 400
const PLACES = 12

describe.each(entries)('%s/%s', (table, id) => {
  const value = table === 'behaviours' ? id : true

  it('changes nothing while it is off', async () => {
    const off = withParams(hostile, table, id, offOf(paramsOf(table, id)))
    for (const scene of SCENES) {
      for (const seed of ['1', '2']) {
        const there = await asked(scene, seed, off)
        const entriesLeft = without<unknown>(house[table], id)
        const gone = await play({ ...scene, chance: seed, profile: off, [table]: entriesLeft })
        expect(there.digest).toBe(gone.digest)
      }
    }
  })

  it('fires within 1,000 seeds at a rate of 0.05', async () => {
    const profile = alone(table, id, 0.05)
    const [[scene] = []] = scenesOf(table, id)
    let fired: Played | undefined
    for (let seed = 0; scene !== undefined && seed < 1000 && fired === undefined; seed++) {
      const run = await asked(scene, `${seed}`, profile)
      if (run.decisions.some((decision) => decision.value === value)) fired = run
    }
    expect(fired?.decisions.filter(({ p }) => p !== null && p > 0).length).toBeGreaterThan(0)
    expect(fired?.ending?.kind).not.toBe('error')
  })

  it('happens as often as its parameter says', async () => {
    const rate = 0.15
    const profile = alone(table, id, rate)
    let [happened, all] = [0, 0]
    for (let seed = 0; all < ENOUGH; seed++) {
      for (const [scene] of scenesOf(table, id)) {
        const found = questions(await asked(scene, `rate ${seed}`, profile), table, id)
        const asks = found.filter(({ p }) => p > 0)
        for (const { at, p } of asks) expect([at, p.toFixed(9)]).toEqual([at, rate.toFixed(9)])
        all += asks.length
        happened += asks.filter(({ happens }) => happens).length
      }
    }
    const [low, high] = interval(happened, all)
    expect(low).toBeLessThan(rate)
    expect(high).toBeGreaterThan(rate)
  })

  it('is forced by a tape and forbidden by one, wherever it applies', async () => {
    for (const [scene, asks] of scenesOf(table, id)) {
      for (const { at } of asks.slice(0, PLACES)) {
        const forced = await asked(scene, { [at]: value }, flawless)
        expect(forced.unreached).toEqual([])
        expect(forced.decisions[0]).toMatchObject({ id: at, value })
        expect(forced.ending?.kind).not.toBe('error')
        expect(spoken(forced)).not.toEqual(spoken(plain.get(scene) as Played))
      }
      // As likely as can be: what is not on the tape happens, where it is a matter of course.
      const sure = alone(table, id, 1)
      const bounds = { events: 2000, virtualMs: 24 * 3_600_000 }
      const free = await play({ ...scene, chance: 'seed', profile: sure, bounds })
      const [first] = questions(free, table, id)
      expect(first?.happens).toBe(true)
      const never = { [first?.at ?? '']: table === 'faults' ? false : 'none' }
      const taped = await play({ ...scene, chance: never, profile: sure, bounds })
      expect(questions(taped, table, id)[0]).toMatchObject({ at: first?.at, happens: false })
      expect(taped.unreached).toEqual([])
    }
  })
})

describe('profiles', () => {
  const paths = [
    ...Object.entries(MODEL).flatMap(([group, of]) => Object.keys(of).map((p) => `${group}.${p}`)),
    ...entries.flatMap(([table, id]) => {
      const { params } = house[table].get(id) ?? { params: {} }
      return Object.keys(params).map((name) => `${table}.${id}.${name}`)
    }),
  ].toSorted()

  it.each(profiles.map((profile) => [profile.name, profile] as const))(
    '%s says of every parameter where it comes from',
    (_name, { origins, about }) => {
      expect([...origins.keys()].toSorted()).toEqual(paths)
      for (const origin of origins.values())
        expect(origin).toMatch(/^(measured on .+|borrowed from .+|assumed)$/)
      expect(about).not.toBe('')
    },
  )

  it('has every parameter explained, with its unit and range', () => {
    const all = [
      ...Object.values(MODEL),
      ...entries.map(([table, id]) => house[table].get(id)?.params ?? {}),
    ].flatMap((group) => Object.values(group))
    for (const { unit, min, max, about } of all) {
      expect(unit).not.toBe('')
      expect(about).not.toBe('')
      expect(min).toBeLessThan(max)
    }
  })

  it('flawless never lapses, whatever the seed', async () => {
    for (const scene of SCENES) {
      for (let seed = 0; seed < 5; seed++)
        expect((await asked(scene, `${seed}`, flawless)).decisions).toEqual([])
    }
  })

  it.each<[unknown, string]>([
    [[], 'mine.yaml: expected a profile'],
    [{ name: 'x', recal: {} }, 'mine.yaml: recal: unknown; nearest: recall'],
    [{ name: 'x', recall: { flor: 1 } }, 'mine.yaml: recall.flor: unknown; nearest: floor'],
    [
      { name: 'x', recall: { floor: 2 } },
      'mine.yaml: recall.floor: expected a probability in [0, 1], got 2',
    ],
    [
      { name: 'x', recall: { floor: { value: 1, origin: 'a hunch' } } },
      'mine.yaml: recall.floor.origin',
    ],
    [
      { name: 'x', behaviours: { 'phantom-tol': {} } },
      'behaviours.phantom-tol: unknown; nearest: phantom-tool',
    ],
  ])('that say %j are refused in words', (data, words) => {
    const settable = { behaviours: {}, faults: {} }
    const known = { ...settable, behaviours: { 'phantom-tool': {} } }
    expect(() => profileOf(data, known, 'mine.yaml', flawless)).toThrow(words)
  })

  it('that stand alone have to say everything', () => {
    expect(() => profileOf({ name: 'x' }, { behaviours: {}, faults: {} }, 'mine.yaml')).toThrow(
      'mine.yaml: window.native: missing; expected tokens in',
    )
  })
})
