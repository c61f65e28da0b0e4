// A profile: how far a model departs from competence, as data. Every parameter has a unit, a range and an
// origin: `measured on ...`, `borrowed from ...` or `assumed`.
import { UsageError } from '../core/assert.ts'
import type { Param, Params } from '../core/param.ts'
import { MODEL } from './model.ts'
import { nearest } from './names.ts'

type Group = keyof typeof MODEL
type Values<G extends Group> = { readonly [P in keyof (typeof MODEL)[G]]: number }

export type Profile = { readonly [G in Group]: Values<G> } & {
  readonly name: string
  readonly about: string
  readonly behaviours: Readonly<Record<string, Params>>
  readonly faults: Readonly<Record<string, Params>>
  /** The model that it is like, by published table: whose cells it is compared with. */
  readonly like: Readonly<Record<string, string>>
  /** By path, e.g. `recall.literalHalf`. */
  readonly origins: ReadonlyMap<string, string>
}

/** What can be set: the model's own groups, then behaviours and faults by id. */
export interface Settable {
  readonly behaviours: Readonly<Record<string, Readonly<Record<string, Param>>>>
  readonly faults: Readonly<Record<string, Readonly<Record<string, Param>>>>
}

type Plain = Record<string, unknown>

const isPlain = (data: unknown): data is Plain =>
  typeof data === 'object' && data !== null && !Array.isArray(data)

/**
 * Reads a profile. A leaf is a number (origin `assumed`) or `{ value, origin }`. With `base`, what is not
 * said is taken from there; without, all must be said that has no usual value. `behaviours: off` and
 * `faults: off` turn off each of them.
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
      if (param.usual === undefined) return fail(path, `missing; expected ${range(param)}`)
      origins.set(path, 'assumed')
      return param.usual
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
    const isOff = data[path] === 'off'
    const said = isOff ? {} : known(path, data[path], Object.keys(settable[path]))
    return Object.fromEntries(
      Object.entries(settable[path]).map(([id, params]) => [
        id,
        group(`${path}.${id}`, params, isOff ? offOf(params) : said[id], base?.[path][id]),
      ]),
    )
  }

  known('', data, [...Object.keys(MODEL), ...PAGE])
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
    like: likeOf(data.like, fail),
    origins,
  }
}

/** What a page says beside the parameters of the model itself. */
const PAGE = ['name', 'about', 'extends', 'like', 'behaviours', 'faults']

/** Models by table: a profile's own, never inherited. */
function likeOf(
  said: unknown,
  fail: (path: string, what: string) => never,
): Readonly<Record<string, string>> {
  if (said === undefined) return {}
  if (!isPlain(said)) return fail('like', 'expected a mapping from published table to model')
  const models: Record<string, string> = {}
  for (const [table, model] of Object.entries(said)) {
    if (typeof model !== 'string') return fail(`like.${table}`, 'expected the name of a model')
    models[table] = model
  }
  return models
}

/** What turns a behaviour or a fault off. */
export const offOf = (params: Readonly<Record<string, Param>>): Params =>
  Object.fromEntries(
    Object.entries(params).flatMap(([name, { off }]) => (off === undefined ? [] : [[name, off]])),
  )

const range = ({ unit, min, max }: Param): string =>
  unit === 'probability' ? `a probability in [${min}, ${max}]` : `${unit} in [${min}, ${max}]`
