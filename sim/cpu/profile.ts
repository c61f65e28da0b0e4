// A profile: how far a model departs from competence, as data. Every parameter has a unit, a range and an
// origin: `measured on ...`, `borrowed from ...` or `assumed`.
import { distance } from 'fastest-levenshtein'
import { UsageError } from '../core/assert.ts'
import { factor, duration as ms, type Param, type Params, probability } from '../core/param.ts'

const tokensParam = (about: string): Param => ({ unit: 'tokens', min: 1, max: 1e15, about })
const coefficient = (about: string): Param => ({ unit: 'logit', min: -50, max: 50, about })

/** The parameters of the model itself, beside those that each behaviour and each fault declares. */
export const MODEL = {
  window: {
    native: tokensParam('window for which the lengths below hold; others are scaled to theirs'),
  },
  recall: {
    literalTop: probability('a literal fact in a short window is recalled'),
    literalHalf: tokensParam('window at which literal recall has fallen to half'),
    literalSlope: { unit: 'exponent', min: 0, max: 20, about: 'steepness in log length' },
    semanticTop: probability('a fact found by meaning, in a short window, is recalled'),
    semanticHalf: tokensParam('window at which semantic recall has fallen to half'),
    semanticSlope: { unit: 'exponent', min: 0, max: 20, about: 'steepness in log length' },
    floor: probability('recall in the middle, against the best position'),
    first: probability('what the start of the window adds'),
    last: probability('what its end adds'),
    reach: { unit: 'share of window', min: 0.001, max: 10, about: 'how far both ends reach' },
  },
  summary: {
    tokens: tokensParam('length of a summary where none is asked for'),
    task: coefficient('survival of the task itself'),
    fact: coefficient('survival of a fact'),
    place: coefficient('survival of where a fact is to be found'),
    rule: coefficient('survival of a standing constraint'),
    choice: coefficient('survival of a decision of its own'),
    deadend: coefficient('survival of what was tried and failed'),
    done: coefficient('survival of what is done already'),
    order: coefficient('survival of an imperative'),
    secret: coefficient('survival of a secret'),
    compression: coefficient('effect of ln(summary tokens / content tokens)'),
    generation: coefficient('loss by each earlier summary'),
  },
  missing: {
    ask: factor('asks for a fact it cannot find, against searching for it'),
    invent: factor('makes a fact up, against searching for it'),
  },
  sampling: {
    sameness: probability('a byte-identical request is answered as before'),
  },
  instance: {
    placed: probability('share of placed lapses that are forced: 0 only in controls'),
  },
  pace: {
    firstTokenMs: ms('median time to the first token'),
    tokensPerSecond: { unit: 'tokens/s', min: 0.1, max: 1e6, about: 'median rate of speech' },
    spread: { unit: 'sigma of the lognormal', min: 0, max: 5, about: 'of both, from draw to draw' },
    toolMs: ms('median time of a tool call'),
    yield: probability('an event goes behind the peers of its instant'),
  },
} as const satisfies Record<string, Record<string, Param>>

type Group = keyof typeof MODEL
type Values<G extends Group> = { readonly [P in keyof (typeof MODEL)[G]]: number }

export type Profile = { readonly [G in Group]: Values<G> } & {
  readonly name: string
  readonly about: string
  readonly behaviours: Readonly<Record<string, Params>>
  readonly faults: Readonly<Record<string, Params>>
  /** By path, e.g. `recall.literalHalf`. */
  readonly origins: ReadonlyMap<string, string>
}

/** What can be set: the model's own groups, then behaviours and faults by id. */
export interface Settable {
  readonly behaviours: Readonly<Record<string, Readonly<Record<string, Param>>>>
  readonly faults: Readonly<Record<string, Readonly<Record<string, Param>>>>
}

export function nearest(word: string, words: Iterable<string>): string | undefined {
  let best: string | undefined
  let least = Number.POSITIVE_INFINITY
  for (const candidate of words) {
    const d = distance(word, candidate)
    if (d < least) {
      least = d
      best = candidate
    }
  }
  return best
}

type Plain = Record<string, unknown>

const isPlain = (data: unknown): data is Plain =>
  typeof data === 'object' && data !== null && !Array.isArray(data)

/**
 * Reads a profile. A leaf is a number (origin `assumed`) or `{ value, origin }`. With `base`, what is not
 * said is taken from there; without, everything must be said.
 * @throws {UsageError} with the path of the first parameter that is missing, unknown or out of range.
 */
export function profileOf(
  data: unknown,
  settable: Settable,
  where: string,
  base?: Profile,
): Profile {
  const fail = (path: string, what: string): never => {
    throw new UsageError(`${where}: ${path === '' ? '' : `${path}: `}${what}`)
  }
  if (!isPlain(data)) return fail('', 'expected a profile: a mapping of parameters')
  const origins = new Map<string, string>(base?.origins)

  const leaf = (
    path: string,
    param: Param,
    given: unknown,
    inherited: number | undefined,
  ): number => {
    const said = isPlain(given) ? given.value : given
    if (said === undefined) {
      if (inherited !== undefined) return inherited
      return fail(path, `missing; expected ${range(param)}`)
    }
    if (typeof said !== 'number' || !(said >= param.min && said <= param.max))
      return fail(path, `expected ${range(param)}, got ${JSON.stringify(said)}`)
    const origin = isPlain(given) ? given.origin : 'assumed'
    if (typeof origin !== 'string' || !/^(measured on|borrowed from|assumed)/.test(origin))
      return fail(`${path}.origin`, "expected 'measured on ...', 'borrowed from ...' or 'assumed'")
    origins.set(path, origin)
    return said
  }

  const known = (path: string, given: unknown, names: Iterable<string>): Plain => {
    if (given === undefined) return {}
    if (!isPlain(given)) return fail(path, 'expected a mapping')
    const all = [...names]
    for (const name of Object.keys(given)) {
      if (all.includes(name)) continue
      const near = nearest(name, all)
      fail(path === '' ? name : `${path}.${name}`, `unknown; nearest: ${near ?? 'none'}`)
    }
    return given
  }

  const group = (
    path: string,
    params: Readonly<Record<string, Param>>,
    given: unknown,
    inherited: Params | undefined,
  ): Params => {
    const said = known(path, given, Object.keys(params))
    return Object.fromEntries(
      Object.entries(params).map(([name, param]) => [
        name,
        leaf(`${path}.${name}`, param, said[name], inherited?.[name]),
      ]),
    )
  }

  const table = (path: 'behaviours' | 'faults'): Record<string, Params> => {
    const said = known(path, data[path], Object.keys(settable[path]))
    return Object.fromEntries(
      Object.entries(settable[path]).map(([id, params]) => [
        id,
        group(`${path}.${id}`, params, said[id], base?.[path][id]),
      ]),
    )
  }

  known('', data, [...Object.keys(MODEL), 'name', 'about', 'extends', 'behaviours', 'faults'])
  const name = data.name ?? base?.name
  if (typeof name !== 'string') return fail('name', 'missing; expected a name')
  const groups = Object.fromEntries(
    Object.entries(MODEL).map(([id, params]) => [
      id,
      group(id, params, data[id], base?.[id as Group] as Params | undefined),
    ]),
  ) as { [G in Group]: Values<G> }
  return {
    ...groups,
    name,
    about: typeof data.about === 'string' ? data.about : (base?.about ?? ''),
    behaviours: table('behaviours'),
    faults: table('faults'),
    origins,
  }
}

const range = ({ unit, min, max }: Param): string =>
  unit === 'probability' ? `a probability in [${min}, ${max}]` : `${unit} in [${min}, ${max}]`
