// Speak: an utterance as a stream of tokens in virtual time, so that it can be cut off anywhere.
import type { Chance } from '../core/chance.ts'
import type { Delta, Message } from '../core/message.ts'
import { normal } from '../core/normal.ts'
import type { Tokens } from '../core/tokens.ts'
import type { Profile } from './profile.ts'
import type { Utterance } from './thought.ts'

/** Tokens around each call in an answer; assumed. */
const TOKENS_A_CALL = 3

export interface Speech {
  readonly message: Message
  readonly outputTokens: number
  /** Virtual milliseconds from the request to the first token, and to the last. */
  readonly firstMs: number
  readonly lastMs: number
}

/** A lognormal factor around 1. */
export const lognormal =
  (sigma: number) =>
  (u: () => number): number =>
    Math.exp(sigma * normal(u))

/** `id` is the generation's event key: the sampled pace is a decision about that event. */
export function speak(
  { content, calls }: Utterance,
  id: string,
  { pace }: Profile,
  chance: Chance,
  tokens: Tokens,
): Speech {
  let outputTokens = tokens.count(content)
  for (const call of calls) {
    outputTokens += TOKENS_A_CALL + tokens.count(call.name) + tokens.count(call.args)
  }
  const slow = pace.spread === 0 ? 1 : chance.sample(`${id}/pace`, lognormal(pace.spread), 1)
  const firstMs = pace.firstTokenMs * slow
  const lastMs = firstMs + (outputTokens / pace.tokensPerSecond) * 1000 * slow
  const message: Message =
    calls.length > 0 ? { role: 'assistant', content, calls } : { role: 'assistant', content }
  return { message, outputTokens, firstMs, lastMs }
}

const PIECE = /[\s\S]{1,16}/g

/** The message in the pieces in which it is spoken. */
export function* deltasOf({ content, calls }: Message): Iterable<Delta> {
  for (const [text] of content.matchAll(PIECE)) yield { kind: 'text', text }
  for (const [i, { id, name, args }] of (calls ?? []).entries()) {
    yield { kind: 'call', call: i, id, name }
    for (const [text] of args.matchAll(PIECE)) yield { kind: 'args', call: i, text }
  }
}
