// A set of tools over the desk in the place of the world's file tools: offered, checked by their schemas, run.
// What the world offers beside files is passed through.

import type { Args, Conversation, Policy, Result, Tool } from '../kernel.ts'
import { Desk, Failure } from './desk.ts'

export interface DeskTool {
  readonly tool: Tool
  /** Arguments as they are meant, before they are checked. */
  readonly prepare?: ((args: Args) => Args) | undefined
  /** What it says; the text of a `Failure` that it throws is an error. */
  run(args: Args, desk: Desk, conversation: Conversation): Promise<string | Result>
}

type Schema = Readonly<Record<string, unknown>>

interface Page {
  readonly name: string
  readonly description: string
  readonly takes: Readonly<Record<string, Schema>>
  /** Those that may be left out. */
  readonly optional?: readonly string[]
  /** It changes nothing. */
  readonly isReading?: boolean
  /** What it does not take is a mistake. */
  readonly isClosed?: boolean
  readonly prepare?: DeskTool['prepare']
  readonly run: DeskTool['run']
}

export function deskTool(page: Page): DeskTool {
  const { name, description, takes, optional = [], isReading = false, isClosed = false } = page
  const required = Object.keys(takes).filter((key) => !optional.includes(key))
  const closed = isClosed ? { additionalProperties: false } : {}
  const inputSchema = { type: 'object' as const, properties: { ...takes }, required, ...closed }
  const annotations = { readOnlyHint: isReading }
  const tool = { name, description, inputSchema, annotations }
  return { tool, prepare: page.prepare, run: page.run }
}

export const string = (description: string): Schema => ({ type: 'string', description })
export const number = (description: string): Schema => ({ type: 'number', description })

/** The world's tools that a set of its own stands for. */
export const FILE_TOOLS: ReadonlySet<string> = new Set([
  'read_file',
  'write_file',
  'list_files',
  'search_files',
])

/** The world's own shell, which a shell of the set stands for. */
export const SHELL = 'run_command'
const SHELLS = /bash|shell|exec|keystrokes/i

/** An argument that its schema says is a text. */
export const textIn = (args: Args, name: string): string =>
  typeof args[name] === 'string' ? args[name] : ''

/** A number among the arguments; nothing where there is none. */
export const numberIn = (args: Args, name: string): number | undefined =>
  typeof args[name] === 'number' ? args[name] : undefined

/**
 * `invalid`: what is said to arguments that do not fit the tool; nothing where they do. `beside`: those that run
 * while their neighbours do, by name; where nothing is said, those that only read.
 */
export function toolset(
  own: readonly DeskTool[],
  invalid: (tool: Tool, args: Args) => string | undefined,
  beside: readonly string[] = own.flatMap(({ tool }) =>
    tool.annotations?.readOnlyHint === true ? tool.name : [],
  ),
) {
  const hasShell = own.some(({ tool }) => SHELLS.test(tool.name))
  const byName = new Map(own.map((one) => [one.tool.name, one]))
  return {
    open(c) {
      c.tools = [
        ...own.map(({ tool }) => tool),
        ...c.tools.filter(({ name }) => !FILE_TOOLS.has(name) && !(hasShell && name === SHELL)),
      ]
    },
    isBeside: ({ name }) => beside.includes(name),
    async run(call, c, next) {
      const tool = c.tools.find(({ name }) => name === call.name)
      const found = byName.get(call.name)
      const args = found?.prepare?.(call.args) ?? call.args
      const problem = tool && invalid(tool, args)
      if (problem !== undefined) return { text: problem, isError: true }
      if (found === undefined) return next(call)
      try {
        const told = await found.run(args, new Desk(c, call, next), c)
        return typeof told === 'string' ? { text: told, isError: false } : told
      } catch (thrown) {
        if (!(thrown instanceof Failure)) throw thrown
        return { text: thrown.message, isError: true }
      }
    },
  } satisfies Policy
}
