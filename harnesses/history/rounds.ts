// A history in rounds, so that parts which shorten it cannot orphan a result: a message goes or stays
// together with the results of its calls. The system prompt, the newest round and what is pinned stay.

import type { Conversation, Message } from '../kernel.ts'
import { estimate } from './estimate.ts'

/** A message with the results of its calls. */
export interface Round {
  /** The place of its first message in the history. */
  readonly at: number
  readonly messages: readonly Message[]
}

/** The history in rounds, oldest first, without the system prompt at its start. */
export function roundsOf(messages: readonly Message[]): Round[] {
  const rounds: Round[] = []
  let at = messages[0]?.role === 'system' ? 1 : 0
  while (at < messages.length) {
    let end = at + 1
    while (messages[end]?.role === 'tool') end++
    rounds.push({ at, messages: messages.slice(at, end) })
    at = end
  }
  return rounds
}

/** Estimated tokens of what the next request holds, before `view`. */
export const sizeOf = ({ messages, tools }: Conversation): number =>
  estimate(messages) + estimate(tools)

/** Puts the rounds of a history into the order in which they may go; those left out may not. */
export type Order = (rounds: readonly Round[], conversation: Conversation) => readonly Round[]

export const oldestFirst: Order = (rounds) => rounds

/**
 * Drops rounds in this order until history and tools are estimated at `tokens` or less, or nothing more
 * may go. What was told of usage is forgotten with them.
 * @returns the estimated tokens that were dropped.
 */
export function dropTo(c: Conversation, tokens: number, order: Order = oldestFirst): number {
  const excess = sizeOf(c) - tokens
  if (excess <= 0) return 0
  const rounds = roundsOf(c.messages)
  const newest = rounds.at(-1)
  const gone = new Set<number>()
  let dropped = 0
  for (const { at, messages } of order(rounds, c)) {
    if (dropped >= excess) break
    if (at === newest?.at || messages.some((message) => c.isPinned(message))) continue
    for (let i = 0; i < messages.length; i++) gone.add(at + i)
    dropped += estimate(messages)
  }
  if (gone.size === 0) return 0
  c.messages = c.messages.filter((_, i) => !gone.has(i))
  c.usage = undefined
  return dropped
}

/** What is left of a history that was refused for its length, for the estimate was too low. */
export const OVERFLOW_SHARE = 0.8

/** A policy that drops rounds where the window is filled beyond a share of it, or a request was too long. */
export const dropping = (fullShare: number, order: Order = oldestFirst) => ({
  prepare(c: Conversation): void {
    dropTo(c, fullShare * c.session.limits.windowTokens, order)
  },
  async overflowed(c: Conversation): Promise<boolean> {
    return dropTo(c, OVERFLOW_SHARE * estimate(c.messages), order) > 0
  },
})
