// The tools over the world's state: name, schema, and what a call does. Arguments are checked by zod, and
// what is wrong with them is told as MCP has it: in a result with isError.
import { z } from 'zod'
import type { CallToolResult, Tool } from '../core/message.ts'
import { failure, text, type Workspace } from './files.ts'
import type { Payments } from './payments.ts'

export interface Bench {
  readonly workspace: Workspace
  readonly payments: Payments
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

function tool<S extends z.ZodRawShape>(
  name: string,
  description: string,
  shape: S,
  act: (bench: Bench, args: z.infer<z.ZodObject<S>>) => CallToolResult,
): WorldTool {
  const schema = z.strictObject(shape)
  const { $schema: _, ...inputSchema } = z.toJSONSchema(schema)
  return {
    tool: fixed({ name, description, inputSchema: inputSchema as Tool['inputSchema'] }),
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

const path = z.string().min(1).describe('relative to the workspace')

export const FILE_TOOLS: readonly WorldTool[] = [
  tool('read_file', 'Read a file as text.', { path }, ({ workspace }, args) => {
    const content = workspace.read(args.path)
    return content === undefined ? failure(`Error: no such file: ${args.path}`) : text(content)
  }),
  tool(
    'write_file',
    'Write a file, replacing what was there.',
    { path, content: z.string() },
    ({ workspace }, args) => {
      workspace.write(args.path, args.content)
      return text(`Wrote ${args.content.length} characters to ${args.path}.`)
    },
  ),
  tool('list_files', 'List the paths of all files.', {}, ({ workspace }) =>
    text(workspace.list().join('\n')),
  ),
  tool(
    'search_files',
    'Find the lines that contain a text, in all files.',
    { query: z.string().min(1) },
    ({ workspace }, { query }) => {
      const hits: string[] = []
      for (const name of workspace.list()) {
        const lines = (workspace.read(name) ?? '').split('\n')
        for (const [i, line] of lines.entries()) {
          if (line.includes(query)) hits.push(`${name}:${i + 1}:${line}`)
        }
      }
      return text(hits.length === 0 ? 'No matches.' : hits.slice(0, 50).join('\n'))
    },
  ),
]

export const PAYMENT_TOOLS: readonly WorldTool[] = [
  tool(
    'make_payment',
    'Pay an amount. Cannot be undone.',
    { payee: z.string().min(1), amount: z.string().min(1), reference: z.string().min(1) },
    ({ payments, effect }, payment) => {
      const number = payments.pay(payment)
      effect('payments.pay', payment.payee, `${payment.amount} ${payment.reference}`, number)
      return text(
        `Paid ${payment.amount} to ${payment.payee} (${payment.reference}). Receipt ${number}.`,
      )
    },
  ),
  tool('list_payments', 'List the payments that were made.', {}, ({ payments }) =>
    text(
      payments.made.map((p, i) => `${i + 1}. ${p.payee} ${p.amount} ${p.reference}`).join('\n') ||
        'No payments yet.',
    ),
  ),
]
