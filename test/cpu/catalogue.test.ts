// What every behaviour, fault and profile keeps: tested by being there. Off, it changes nothing; on, it
// fires; a tape can force it and forbid it.
import { describe, expect, it } from 'vitest'
import { MODEL, type Profile } from '../../sim/cpu/index.ts'
import { profileOf } from '../../sim/cpu/profile.ts'
import { drawn, house, kernelNamed, type Played, play } from '../machine/rig.ts'

const profiles = await Promise.all(
  (await house.catalog.ids('profile')).map((id) => house.profile(id)),
)
const flawless = await house.profile('flawless')
const hostile = await house.profile('hostile')
const micro = await kernelNamed('micro')
const instance = await drawn('compaction/exactly-once', { invoices: 3, distance: 300 })

type Table = 'behaviours' | 'faults'

/** A profile with one parameter of one behaviour or fault set. */
const withRate = (profile: Profile, table: Table, id: string, rate: number): Profile => {
  const params = profile[table][id] ?? {}
  const name = 'rate' in params ? 'rate' : 'probability'
  return { ...profile, [table]: { ...profile[table], [id]: { ...params, [name]: rate } } }
}

const without = <V>(entries: ReadonlyMap<string, V>, id: string): Map<string, V> =>
  new Map([...entries].filter(([other]) => other !== id))

const asked = (chance: string | Record<string, string | boolean>, profile: Profile) =>
  play({ kernel: micro, instance, chance, profile })

/** The questions at which it could have happened, with the answer that means that it did. */
const occasions = (run: Played, table: Table, id: string): string[] =>
  run.asked
    .filter(({ id: at, about }) =>
      table === 'faults'
        ? at.endsWith(`/${id}`)
        : at.endsWith('/lapse') && (about as [string, number][]).some(([label]) => label === id),
    )
    .map(({ id: at }) => at)

/** What can be seen of a lapse or a fault, beside the decision itself. */
const spoken = ({ trace }: Played) => trace.filter(({ kind }) => kind !== 'decision')

const entries: [Table, string][] = [
  ...[...house.behaviours.keys()].map((id): [Table, string] => ['behaviours', id]),
  ...[...house.faults.keys()].map((id): [Table, string] => ['faults', id]),
]

describe.each(entries)('%s/%s', (table, id) => {
  const value = table === 'behaviours' ? id : true

  it('changes nothing while it is off', async () => {
    const off = withRate(hostile, table, id, 0)
    const profile =
      table === 'behaviours'
        ? {
            ...off,
            behaviours: { ...off.behaviours, [id]: { ...off.behaviours[id], persistence: 0 } },
          }
        : off
    for (const seed of ['1', '2', '3']) {
      const there = await asked(seed, profile)
      const gone = await play({
        kernel: micro,
        instance,
        chance: seed,
        profile,
        [table]: without<unknown>(house[table], id),
      })
      expect(there.digest).toBe(gone.digest)
    }
  })

  it('fires within 1,000 seeds at a rate of 0.05', async () => {
    const profile = withRate(flawless, table, id, 0.05)
    let fired: Played | undefined
    for (let seed = 0; seed < 1000 && fired === undefined; seed++) {
      const run = await asked(`${seed}`, profile)
      if (run.decisions.some((decision) => decision.value === value)) fired = run
    }
    expect(fired?.decisions.filter(({ p }) => p !== null && p > 0).length).toBeGreaterThan(0)
    expect(fired?.ending?.kind).not.toBe('error')
  })

  it('is forced by a tape and forbidden by one, wherever it applies', async () => {
    const plain = await asked({}, flawless)
    const places = occasions(plain, table, id)
    expect(places.length).toBeGreaterThan(0)
    for (const at of places) {
      const forced = await asked({ [at]: value }, flawless)
      expect(forced.unreached).toEqual([])
      expect(forced.decisions[0]).toMatchObject({ id: at, value })
      expect(forced.ending?.kind).not.toBe('error')
      expect(spoken(forced)).not.toEqual(spoken(plain))
    }
    const sure = withRate(flawless, table, id, 0.5)
    const fired = (await asked('seed', sure)).decisions.find((decision) => decision.value === value)
    const forbidding = { [fired?.id ?? '']: value === true ? false : 'none' }
    expect((await asked(forbidding, sure)).decisions).toEqual([])
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
    for (let seed = 0; seed < 5; seed++)
      expect((await asked(`${seed}`, flawless)).decisions).toEqual([])
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
