// What a harness knows of tokens: characters / 4, as Pi and most others estimate.
import type { Message, Tool } from '../../sim/index.ts'

export const TOKEN_CHARS = 4

const charsOf = (item: Message | Tool): number => {
  if (!('role' in item)) {
    // Annotations are the client's own, and not sent.
    const { annotations: _, ...sent } = item
    return JSON.stringify(sent).length
  }
  let chars = item.content.length
  for (const { name, args } of item.calls ?? []) chars += name.length + args.length
  return chars
}

/** Estimated tokens of messages or tools. */
export function estimate(items: readonly (Message | Tool)[]): number {
  let sum = 0
  for (const item of items) sum += Math.ceil(charsOf(item) / TOKEN_CHARS)
  return sum
}
