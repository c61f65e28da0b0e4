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

/** What a client may know of a tool beside its schema; no model is told. */
const READS = { readOnlyHint: true } as const
const WRITES = { destructiveHint: true, idempotentHint: true } as const
const PAYS = { destructiveHint: true, idempotentHint: false } as const

interface Described<S extends z.ZodRawShape> {
  readonly name: string
  readonly description: string
  readonly shape: S
  readonly annotations: NonNullable<Tool['annotations']>
}

function tool<S extends z.ZodRawShape>(
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

const path = z.string().min(1).describe('relative to the workspace')

/** A tool over files; on a branch that is stale there is nothing that it could do. */
function fileTool<S extends z.ZodRawShape>(
  of: Described<S>,
  act: (workspace: Workspace, args: z.infer<z.ZodObject<S>>) => CallToolResult,
): WorldTool {
  return tool(of, ({ workspace }, args) =>
    workspace.isStale
      ? failure('Error: ESTALE: stale file handle: another branch was committed')
      : act(workspace, args),
  )
}

export const FILE_TOOLS: readonly WorldTool[] = [
  fileTool(
    {
      name: 'read_file',
      description: 'Read a file as text.',
      shape: { path },
      annotations: READS,
    },
    (workspace, args) => {
      const content = workspace.read(args.path)
      return content === undefined ? failure(`Error: no such file: ${args.path}`) : text(content)
    },
  ),
  fileTool(
    {
      name: 'write_file',
      description: 'Write a file, replacing what was there.',
      shape: { path, content: z.string() },
      annotations: WRITES,
    },
    (workspace, args) => {
      workspace.write(args.path, args.content)
      return text(`Wrote ${args.content.length} characters to ${args.path}.`)
    },
  ),
  fileTool(
    {
      name: 'list_files',
      description: 'List the paths of all files.',
      shape: {},
      annotations: READS,
    },
    (workspace) => text(workspace.list().join('\n')),
  ),
  fileTool(
    {
      name: 'search_files',
      description: 'Find the lines that contain a text, in all files.',
      shape: { query: z.string().min(1) },
      annotations: READS,
    },
    (workspace, { query }) => {
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

const word = z.string().min(1)

export const PAYMENT_TOOLS: readonly WorldTool[] = [
  tool(
    {
      name: 'make_payment',
      description: 'Pay an amount. Cannot be undone.',
      shape: { payee: word, amount: word, reference: word },
      annotations: PAYS,
    },
    ({ payments, effect }, payment) => {
      const number = payments.pay(payment)
      effect('payments.pay', payment.payee, `${payment.amount} ${payment.reference}`, number)
      return text(
        `Paid ${payment.amount} to ${payment.payee} (${payment.reference}). Receipt ${number}.`,
      )
    },
  ),
  tool(
    {
      name: 'list_payments',
      description: 'List the payments that were made.',
      shape: {},
      annotations: READS,
    },
    ({ payments }) =>
      text(
        payments.made.map((p, i) => `${i + 1}. ${p.payee} ${p.amount} ${p.reference}`).join('\n') ||
          'No payments yet.',
      ),
  ),
]
