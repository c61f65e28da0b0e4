// The tools over files and payments: name, schema, and what a call does.
import { z } from 'zod'
import type { CallToolResult } from '../core/message.ts'
import { failure, text, type Workspace } from './files.ts'
import { type Described, tool, type WorldTool } from './tool.ts'

/** What a client may know of a tool beside its schema; no model is told. */
const READS = { readOnlyHint: true } as const
const WRITES = { destructiveHint: true, idempotentHint: true } as const
const PAYS = { destructiveHint: true, idempotentHint: false } as const

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
    (workspace) => text(workspace.scan().join('\n')),
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
      for (const name of workspace.scan({ query })) {
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
