// Tools of the harness's own, beside the world's: offered, checked for what they need, and run here.
import type { Args, Conversation, Policy, Result, Tool } from '../kernel.ts'

export interface OwnTool {
  readonly tool: Tool
  run(args: Args, conversation: Conversation): Promise<Result>
}

interface Page {
  readonly name: string
  readonly description: string
  /** Parameters: what each is, of those that are strings; else a schema. */
  readonly takes?: Readonly<Record<string, string | Readonly<Record<string, unknown>>>>
  /** Those that may be left out. */
  readonly optional?: readonly string[]
  /** It changes nothing. */
  readonly isReading?: boolean
  readonly run: OwnTool['run']
}

export function ownTool(page: Page): OwnTool {
  const { name, description, takes = {}, optional = [], isReading = false, run } = page
  const properties = Object.fromEntries(
    Object.entries(takes).map(([key, what]) => [
      key,
      typeof what === 'string' ? { type: 'string', description: what } : what,
    ]),
  )
  const required = Object.keys(takes).filter((key) => !optional.includes(key))
  const annotations = { readOnlyHint: isReading, destructiveHint: false }
  return {
    tool: { name, description, annotations, inputSchema: { type: 'object', properties, required } },
    run,
  }
}

export const said = (text: string): Result => ({ text, isError: false })
export const failed = (text: string): Result => ({ text: `Error: ${text}`, isError: true })

/** An argument as text; empty where it was left out. What a model speaks need not be an object. */
export const textOf = (args: Args | null, name: string): string => {
  const value = args?.[name]
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** An argument as a whole number, not negative; what is usual where it is none. */
export function countOf(args: Args, name: string, usual: number): number {
  const count = Number.parseInt(textOf(args, name), 10)
  return count >= 0 ? count : usual
}

/** Offers the tools and runs them; what lacks a required argument is told so. */
export const offering = (own: readonly OwnTool[]) => {
  const byName = new Map(own.map((one) => [one.tool.name, one]))
  return {
    open(c) {
      c.tools = [...c.tools, ...own.map(({ tool }) => tool)]
    },
    run(call, c, next) {
      const one = byName.get(call.name)
      if (one === undefined) return next(call)
      const { required = [] } = one.tool.inputSchema
      const lacking = required.filter((key) => textOf(call.args, key) === '')
      if (lacking.length === 0) return one.run(call.args, c)
      return Promise.resolve(failed(`${call.name} needs ${lacking.join(' and ')}.`))
    },
  } satisfies Policy
}
