// Dialects: a step's call is abstract (`files.read`); here it is bound to what a request offers.
import type { Tool } from '../core/message.ts'

export type Args = Readonly<Record<string, unknown>>
export interface Bound {
  readonly name: string
  readonly args: Args
}

/** How one operation is said with one tool; undefined where the tool does not serve. */
export type Binding = (tool: Tool) => ((args: Args) => Args) | undefined

export interface Dialect {
  /** Lower ones are tried first. */
  readonly rank: number
  readonly ops: Readonly<Record<string, Binding>>
}

export const dialect = (entry: Dialect): Dialect => entry

/** Says an abstract call with the tools at hand; undefined where none serves. */
export type Say = (op: string, args: Args) => Bound | undefined

export function speaker(dialects: readonly Dialect[], tools: readonly Tool[]): Say {
  const ranked = dialects.toSorted((a, b) => a.rank - b.rank)
  const known = new Map<string, ((args: Args) => Bound) | undefined>()
  const find = (op: string): ((args: Args) => Bound) | undefined => {
    for (const { ops } of ranked) {
      const binding = ops[op]
      if (binding === undefined) continue
      for (const tool of tools) {
        const say = binding(tool)
        if (say !== undefined) return (args) => ({ name: tool.name, args: say(args) })
      }
    }
    return undefined
  }
  return (op, args) => {
    if (!known.has(op)) known.set(op, find(op))
    return known.get(op)?.(args)
  }
}
