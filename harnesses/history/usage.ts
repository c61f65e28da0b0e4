// How full the window is, as far as a harness can know: what the provider told of the newest answer, and
// an estimate of what came since. Pi, Claude Code and Letta reckon so.

import type { Conversation } from '../kernel.ts'
import { estimate } from './estimate.ts'
import { sizeOf } from './rounds.ts'

/** Tokens that the next request would take. Where nothing is told since a compaction, all is estimated. */
export function windowUsed(c: Conversation): number {
  const { usage, messages } = c
  if (usage === undefined) return sizeOf(c)
  const newest = messages.findLastIndex(({ role }) => role === 'assistant')
  return usage.input + usage.output + estimate(messages.slice(newest + 1))
}
