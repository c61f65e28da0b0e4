// Speak: an utterance as a stream of tokens in virtual time, so that it can be cut off anywhere. What is
// longer than an answer may be ends in the middle, as providers end it.
import type { Chance } from '../core/chance.ts'
import type { Delta, Message, Request, Spoken, ToolCall } from '../core/message.ts'
import { lognormal } from '../core/normal.ts'
import type { Tokens } from '../core/tokens.ts'
import type { Profile } from './profile.ts'
import { sigma } from './recall.ts'
import type { Utterance } from './thought.ts'

/** Tokens around each call in an answer; assumed. */
const TOKENS_A_CALL = 3

/** Room for one call, however small the window to which the lengths are scaled; assumed. */
const LEAST_TOKENS = 512

export interface Speech {
  readonly message: Message
  readonly finish: Spoken['finish']
  readonly outputTokens: number
  /** Virtual milliseconds from the request to the first token, and to the last. */
  readonly firstMs: number
  readonly lastMs: number
}

/** The most tokens that an answer may have: what was asked for, and what the model can say at all. */
export function mostTokens(
  { maxTokens }: Pick<Request, 'maxTokens'>,
  profile: Profile,
  windowTokens: number,
): number {
  const scaled = Math.floor(profile.window.output * sigma(profile, windowTokens))
  const own = Math.max(LEAST_TOKENS, scaled)
  return Math.max(0, Math.min(maxTokens ?? own, own))
}

const lengthOf = ({ name, args }: ToolCall, tokens: Tokens): number =>
  TOKENS_A_CALL + tokens.count(name) + tokens.count(args)

/** As much as fits, in the order in which it is spoken: the text, then the calls, the last one cut. */
function cut({ content, calls }: Utterance, most: number, tokens: Tokens): Utterance {
  let left = most - tokens.count(content)
  if (left < 0) return { content: tokens.start(content, most), calls: [] }
  const spoken: ToolCall[] = []
  for (const call of calls) {
    const length = lengthOf(call, tokens)
    const argsLeft = left - length + tokens.count(call.args)
    left -= length
    if (left < 0 && argsLeft <= 0) break
    spoken.push(left < 0 ? { ...call, args: tokens.start(call.args, argsLeft) } : call)
  }
  return { content, calls: spoken }
}

/**
 * `id` is the generation's event key: the sampled pace is a decision about that event. `most` is how many
 * tokens the answer may have.
 */
export function speak(
  utterance: Utterance,
  { id, most }: { readonly id: string; readonly most: number },
  { profile: { pace }, tokens }: { readonly profile: Profile; readonly tokens: Tokens },
  chance: Chance,
): Speech {
  let outputTokens = tokens.count(utterance.content)
  for (const call of utterance.calls) outputTokens += lengthOf(call, tokens)
  const isCut = outputTokens > most
  const { content, calls } = isCut ? cut(utterance, most, tokens) : utterance
  if (isCut) outputTokens = most
  const slow = pace.spread === 0 ? 1 : chance.sample(`${id}/pace`, lognormal(pace.spread), 1)
  const firstMs = pace.firstTokenMs * slow
  const lastMs = firstMs + (outputTokens / pace.tokensPerSecond) * 1000 * slow
  const message: Message =
    calls.length > 0 ? { role: 'assistant', content, calls } : { role: 'assistant', content }
  const whole = calls.length > 0 ? 'tool_calls' : 'stop'
  const finish = isCut || utterance.isEndless === true ? 'length' : whole
  return { message, finish, outputTokens, firstMs, lastMs }
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
