// A tool of the world: its name and schema, and what a call of it does. Arguments are checked by zod, and what
// is wrong with them is told as MCP has it: in a result with isError.
import { z } from 'zod'
import type { CallToolResult, Tool } from '../core/message.ts'
import { failure, type Workspace } from './files.ts'
import type { Mailbox } from './mail.ts'
import type { Payments } from './payments.ts'

export interface Bench {
  readonly workspace: Workspace
  readonly payments: Payments
  /** Undefined where the world has no mail. */
  readonly mail: Mailbox | undefined
  /** What is found on the web, by address. */
  readonly pages: Readonly<Record<string, string>>
  /** Told of every effect beside the files, for the trace. */
  effect(op: string, key: string, value: string, version: number): void
}

export interface WorldTool {
  readonly tool: Tool
  readonly shape: z.ZodObject
  readonly run: (bench: Bench, args: unknown) => CallToolResult
}

/** Frozen to its leaves: every run of a process is offered the same one. */
function fixed<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(fixed)
  return Object.freeze(value)
}

export interface Described<S extends z.ZodRawShape> {
  readonly name: string
  readonly description: string
  readonly shape: S
  readonly annotations: NonNullable<Tool['annotations']>
}

export function tool<S extends z.ZodRawShape>(
  { name, description, shape, annotations }: Described<S>,
  act: (bench: Bench, args: z.infer<z.ZodObject<S>>) => CallToolResult,
): WorldTool {
  const schema = z.strictObject(shape)
  const { $schema: _, ...parameters } = z.toJSONSchema(schema)
  const inputSchema = parameters as Tool['inputSchema']
  return {
    tool: fixed({ name, description, inputSchema, annotations }),
    shape: schema,
    run(bench, args) {
      const parsed = schema.safeParse(args)
      if (parsed.success) return act(bench, parsed.data as z.infer<z.ZodObject<S>>)
      const issues = parsed.error.issues.map(
        (issue) => `${issue.path.join('.') || 'arguments'}: ${issue.message}`,
      )
      return failure(`Invalid arguments for tool ${name}: ${issues.join('; ')}`)
    },
  }
}
