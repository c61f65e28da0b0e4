// Arguments against the part of JSON schema that tools use: `type`, `required`, `properties`, `enum`, `items`
// and `additionalProperties: false`. Problems in the words of ajv 8; conversions as TypeBox's Value.Convert
// makes them (both from memory). Never throws.
interface Schema {
  readonly type?: unknown
  readonly required?: unknown
  readonly properties?: unknown
  readonly additionalProperties?: unknown
  readonly enum?: unknown
  readonly items?: unknown
}

/** `path` as in `edits.0.oldText`; of a property that is missing or too much, its own. */
export interface Problem {
  readonly kind: 'missing' | 'extra' | 'type' | 'enum'
  readonly path: string
  readonly says: string
}

/** The problem as a sentence, as `params/path must be string` under the root `params`. */
export function inWords({ kind, path, says }: Problem, root = ''): string {
  const steps = path.split('.')
  const at = kind === 'missing' || kind === 'extra' ? steps.slice(0, -1) : steps
  const place = [root, ...at].filter((step) => step !== '').join('/')
  return place === '' ? says : `${place} ${says}`
}

type Plain = Readonly<Record<string, unknown>>

export const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const schemaOf = (schema: unknown): Schema => (isPlain(schema) ? schema : {})

const listOf = (value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return value
  return value === undefined ? [] : [value]
}

/** The schema of one property: an own one, so that `constructor` is none. */
const propertyOf = ({ properties }: Schema, name: string): unknown =>
  isPlain(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined

const IS: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  object: isPlain,
  array: Array.isArray,
  null: (value) => value === null,
}

const isOf = (type: unknown, value: unknown): boolean => IS[String(type)]?.(value) ?? true

const within = (path: string, name: string | number): string =>
  path === '' ? String(name) : `${path}.${name}`

function problemsInside(schema: Schema, value: Plain, path: string): Problem[] {
  const found: Problem[] = []
  for (const name of listOf(schema.required).map(String))
    if (!Object.hasOwn(value, name))
      found.push({
        kind: 'missing',
        path: within(path, name),
        says: `must have required property '${name}'`,
      })
  for (const [name, inner] of Object.entries(value)) {
    const property = propertyOf(schema, name)
    const at = within(path, name)
    if (property !== undefined) found.push(...problemsOf(property, inner, at))
    else if (schema.additionalProperties === false)
      found.push({ kind: 'extra', path: at, says: 'must NOT have additional properties' })
  }
  return found
}

/** What is wrong with a value, in the order of the schema's `required`, then of the value's properties. */
export function problemsOf(of: unknown, value: unknown, path = ''): Problem[] {
  const schema = schemaOf(of)
  const types = listOf(schema.type)
  if (types.length > 0 && !types.some((type) => isOf(type, value)))
    return [{ kind: 'type', path, says: `must be ${types.join(',')}` }]
  const values = listOf(schema.enum)
  if (values.length > 0 && !values.includes(value))
    return [{ kind: 'enum', path, says: 'must be equal to one of the allowed values' }]
  if (isPlain(value)) return problemsInside(schema, value, path)
  if (!Array.isArray(value) || schema.items === undefined) return []
  return value.flatMap((item, i) => problemsOf(schema.items, item, within(path, i)))
}

const isNumeric = (value: unknown): value is string =>
  typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))

function asNumber(value: unknown): unknown {
  if (isNumeric(value)) return Number(value)
  if (typeof value === 'boolean') return Number(value)
  return value
}

function asInteger(value: unknown): unknown {
  const number = asNumber(value)
  return typeof number === 'number' ? Math.trunc(number) : value
}

function asBoolean(value: unknown): unknown {
  const said = typeof value === 'string' ? value.toLowerCase() : value
  if (said === 'true' || said === '1' || said === 1) return true
  if (said === 'false' || said === '0' || said === 0) return false
  return value
}

const AS: Readonly<Record<string, (value: unknown) => unknown>> = {
  string: (value) =>
    typeof value === 'number' || typeof value === 'boolean' ? String(value) : value,
  number: asNumber,
  integer: asInteger,
  boolean: asBoolean,
  null: (value) => (typeof value === 'string' && value.toLowerCase() === 'null' ? null : value),
}

/** The value with what can be converted converted: "5" where a number is wanted is 5. The rest as it is. */
export function coerced(of: unknown, value: unknown): unknown {
  const schema = schemaOf(of)
  const types = listOf(schema.type)
  if (types.length > 0 && !types.some((type) => isOf(type, value))) {
    for (const type of types) {
      const other = AS[String(type)]?.(value)
      if (other !== undefined && isOf(type, other)) return other
    }
    return value
  }
  // What no schema speaks of is not gone into, however deep it is.
  if (Array.isArray(value))
    return schema.items === undefined ? value : value.map((item) => coerced(schema.items, item))
  if (!isPlain(value) || !isPlain(schema.properties)) return value
  const entries = Object.entries(value)
  return Object.fromEntries(
    entries.map(([name, inner]) => [name, coerced(propertyOf(schema, name), inner)]),
  )
}
