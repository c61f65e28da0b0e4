// Binding: what dialects need to know of a tool's schema. Schemas come from outside and may be anything:
// what cannot be read of one is not there. Nothing here throws.
import type { Tool } from '../core/message.ts'
import type { Args } from './dialect.ts'
import { isPlain, kindsOf } from './schema.ts'

export function propertiesOf(tool: Tool): Readonly<Record<string, unknown>> {
  const schema: unknown = tool.inputSchema
  return isPlain(schema) && isPlain(schema.properties) ? schema.properties : {}
}

/** The first property that is called so. */
export const property = (tool: Tool, names: RegExp): string | undefined =>
  Object.keys(propertiesOf(tool)).find((name) => names.test(name))

export function requiredOf(tool: Tool): string[] {
  const schema: unknown = tool.inputSchema
  const required: unknown = isPlain(schema) ? schema.required : undefined
  return Array.isArray(required) ? required.filter((name) => typeof name === 'string') : []
}

/** The flag by which a tool gives control back; it is set where the call is spoken. @see heartbeat.ts */
export const HEARTBEAT = 'request_heartbeat'

const REMARK =
  /^(description|explanation|reason|title|summary|thoughts?|thinking|inner_thoughts|justification)$/i
const FOLDER = /^(dir|directory|folder|cwd|workdir|working_?dir(ectory)?|dir_?path|path)$/i
const GOOD = /^(true|yes|ok|success|succeeded|done|complete|completed|human)$/i

/** What a property is given that is asked for and stands for nothing that the model means. */
function usual(name: string, schema: unknown): unknown {
  if (!isPlain(schema)) return undefined
  if (schema.const !== undefined) return schema.const
  if (schema.default !== undefined) return schema.default
  if (Array.isArray(schema.enum))
    return schema.enum.find((one) => GOOD.test(String(one))) ?? schema.enum[0]
  const kinds = kindsOf(schema)
  if (kinds?.has('boolean')) return true
  if (kinds !== undefined && !kinds.has('string')) return undefined
  if (REMARK.test(name)) return 'The next step.'
  return FOLDER.test(name) ? '.' : undefined
}

/** Arguments with what else the tool asks for, as far as there is something usual to give. */
export function completed(tool: Tool, args: Args): Args {
  const missing = requiredOf(tool).filter((name) => !Object.hasOwn(args, name))
  if (missing.length === 0) return args
  const known = propertiesOf(tool)
  const more = missing.flatMap((name): [string, unknown][] => {
    const value = name === HEARTBEAT ? undefined : usual(name, known[name])
    return value === undefined ? [] : [[name, value]]
  })
  return { ...args, ...Object.fromEntries(more) }
}

/** Whether nothing is left that the tool asks for. */
export const isWhole = (tool: Tool, args: Args): boolean =>
  requiredOf(tool).every((name) => name === HEARTBEAT || Object.hasOwn(args, name))
