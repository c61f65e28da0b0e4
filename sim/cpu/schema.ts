// Schema: which kinds of JSON a schema admits, as far as it tells. No validator: a model slips in the kind
// of a value, and what a schema leaves open is no slip. Never throws, whatever is given as a schema.

export const KINDS = ['string', 'number', 'boolean', 'array', 'object', 'null'] as const

export type Kind = (typeof KINDS)[number]
export type Kinds = ReadonlySet<Kind>

export const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The kind of a value that JSON can hold. */
export function kindOf(value: unknown): Kind {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  const kind = typeof value
  return kind === 'string' || kind === 'number' || kind === 'boolean' ? kind : 'object'
}

/** How deep a schema is read; what lies deeper is not known. */
const DEPTH = 8

/** The kinds that a schema admits; undefined where it does not tell. */
export function kindsOf(schema: unknown, depth = DEPTH): Kinds | undefined {
  if (!isPlain(schema) || depth === 0) return undefined
  const { type, enum: members, const: only, anyOf, oneOf, allOf } = schema
  const named = Array.isArray(type) ? type : type === undefined ? [] : [type]
  if (named.length > 0) return kindsNamed(named)
  if (Array.isArray(members)) return new Set(members.map(kindOf))
  if (only !== undefined) return new Set([kindOf(only)])
  for (const choices of [anyOf, oneOf]) if (Array.isArray(choices)) return union(choices, depth)
  if (Array.isArray(allOf)) {
    for (const part of allOf) {
      const kinds = kindsOf(part, depth - 1)
      if (kinds !== undefined) return kinds
    }
  }
  return undefined
}

function kindsNamed(names: readonly unknown[]): Kinds | undefined {
  const kinds = new Set<Kind>()
  for (const name of names) {
    const kind = name === 'integer' ? 'number' : KINDS.find((known) => known === name)
    if (kind === undefined) return undefined
    kinds.add(kind)
  }
  return kinds
}

function union(choices: readonly unknown[], depth: number): Kinds | undefined {
  const all = new Set<Kind>()
  for (const choice of choices) {
    const kinds = kindsOf(choice, depth - 1)
    if (kinds === undefined) return undefined
    for (const kind of kinds) all.add(kind)
  }
  return all.size === 0 ? undefined : all
}
