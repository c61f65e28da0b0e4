// Files that were read, as they were then: some agents change no file that they have not read, or that has
// changed since. Kept for a conversation.
import type { Conversation } from '../kernel.ts'

const SEEN = 'tools.seen'

function seenIn({ memo }: Conversation): Map<string, string> {
  const known = memo.get(SEEN) as Map<string, string> | undefined
  const seen = known ?? new Map<string, string>()
  memo.set(SEEN, seen)
  return seen
}

/** The file was read, or written, and holds this. */
export const saw = (c: Conversation, path: string, text: string): void =>
  void seenIn(c).set(path, text)

/** What stands against changing a file that holds this. */
export function unseen(
  c: Conversation,
  path: string,
  text: string,
): 'unread' | 'changed' | undefined {
  const known = seenIn(c).get(path)
  if (known === undefined) return 'unread'
  return known === text ? undefined : 'changed'
}
