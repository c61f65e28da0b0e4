// A call as it was spoken: what of it can be used, and the three replies in which designs differ where it
// cannot. Shared by the parts of the recovery slot.
import type { ToolCall } from '../../sim/index.ts'
import type { Args, Conversation, Policy, Reading } from '../policy.ts'
import { isPlain, type Problem, problemsOf } from './validate.ts'

/** Why a text is no JSON: the engine's words, less the line and column that only newer engines tell. */
export const whyNot = (thrown: unknown): string =>
  (thrown instanceof Error ? thrown.message : String(thrown)).replace(
    / \(line \d+ column \d+\)$/,
    '',
  )

/** The arguments of a call, or why its text is no JSON object. Never throws. */
export function argsOf(text: string): { readonly args: Args } | { readonly why: string } {
  try {
    const args: unknown = JSON.parse(text)
    return isPlain(args) ? { args } : { why: 'not an object' }
  } catch (thrown) {
    return { why: whyNot(thrown) }
  }
}

export const told = (text: string): Reading => ({ kind: 'tell', result: { text, isError: true } })

export const namesOf = ({ tools }: Pick<Conversation, 'tools'>): string =>
  tools.map(({ name }) => name).join(', ')

/** What is said to a call that is not run. */
export interface Replies {
  unknown(call: ToolCall, c: Conversation): string
  /** Its arguments are no JSON object. */
  malformed(call: ToolCall, why: string, c: Conversation): string
  /** Its arguments do not fit the schema; where nothing is said, the tool sees to that. */
  invalid?(call: ToolCall, problems: readonly Problem[], c: Conversation): string
}

/** Reads calls by three replies. */
export const replying =
  (replies: Replies): NonNullable<Policy['read']> =>
  (call, c) => {
    const { id, name } = call
    const tool = c.tools.find((candidate) => candidate.name === name)
    if (tool === undefined) return told(replies.unknown(call, c))
    const spoken = argsOf(call.args)
    if ('why' in spoken) return told(replies.malformed(call, spoken.why, c))
    const { args } = spoken
    const problems = replies.invalid === undefined ? [] : problemsOf(tool.inputSchema, args)
    if (replies.invalid !== undefined && problems.length > 0)
      return told(replies.invalid(call, problems, c))
    return { kind: 'run', call: { id, name, args } }
  }
