// A call that no step asks for: arguments made up to fit a tool's schema, and an id that no step has.
import type { Tool, ToolCall } from '../core/message.ts'
import type { Occasion } from './behaviour.ts'
import { isPlain } from './schema.ts'

/** Deeper, everything is empty: schemas of others may have no end. */
const DEEPEST = 4

function madeUp(schema: unknown, hint: string, depth: number): unknown {
  if (!isPlain(schema) || depth > DEEPEST) return hint
  if (schema.const !== undefined) return schema.const
  if (Array.isArray(schema.enum)) return schema.enum[0] ?? hint
  if (schema.default !== undefined) return schema.default
  const either = schema.anyOf ?? schema.oneOf
  if (Array.isArray(either)) return madeUp(either[0], hint, depth + 1)
  const { type } = schema
  switch (Array.isArray(type) ? type[0] : type) {
    case 'integer':
    case 'number':
      return typeof schema.minimum === 'number' ? schema.minimum : 1
    case 'boolean':
      return false
    case 'array':
      return [madeUp(schema.items, hint, depth + 1)]
    case 'object':
      return objectOf(schema, hint, depth + 1)
    default:
      return hint
  }
}

/** What is required, and no more. */
function objectOf(schema: unknown, hint: string, depth: number): Record<string, unknown> {
  const { properties, required }: Record<string, unknown> = isPlain(schema) ? schema : {}
  if (!isPlain(properties) || !Array.isArray(required)) return {}
  const names = required.filter((name): name is string => typeof name === 'string')
  return Object.fromEntries(names.map((name) => [name, madeUp(properties[name], hint, depth)]))
}

/** A call's id under the scope of a job: steps have no underscore, so it is no step's. */
export function madeUpId({ id, thought }: Pick<Occasion, 'id' | 'thought'>): string {
  const scope = id.slice(0, id.indexOf('/'))
  const own = id.slice(id.lastIndexOf('/') + 1).replaceAll('-', '_')
  return `${scope}._${own}.${thought.step}-${thought.occurrence}`
}

/** `hint` stands wherever the schema leaves the text open. */
export function madeUpCall(tool: Tool, hint: string, at: Occasion): ToolCall {
  const args = objectOf(tool.inputSchema, hint, 0)
  return { id: madeUpId(at), name: tool.name, args: JSON.stringify(args) }
}
