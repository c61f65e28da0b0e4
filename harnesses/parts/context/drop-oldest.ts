// Keeps the system prompt and drops the oldest turns until an estimate fits the window: what most loops
// written in an afternoon do. The task goes when its turn comes.
import { estimate } from '../../estimate.ts'
import { type Conversation, type Message, part } from '../../kernel.ts'

/** Drops the first turn after the system prompt: a message and the results that belong to it. */
function dropTurn(messages: readonly Message[]): readonly Message[] {
  const [system, ...rest] = messages
  let end = 1
  while (rest[end]?.role === 'tool') end++
  return system === undefined || rest.length <= end ? messages : [system, ...rest.slice(end)]
}

function dropTo(conversation: Conversation, tokens: number): boolean {
  let { messages } = conversation
  let size = estimate(messages) + estimate(conversation.tools)
  const before = messages
  while (size > tokens) {
    const fewer = dropTurn(messages)
    if (fewer === messages) break
    size -= estimate(messages.slice(1, 1 + messages.length - fewer.length))
    messages = fewer
  }
  conversation.messages = messages
  return messages !== before
}

export default part({
  slot: 'context',
  about: 'drops the oldest turns, system prompt excepted, at 90 % of the window',
  source:
    'the trim helpers of the common agent frameworks (last n messages or tokens, system kept)',
  // Filled at most, for the answer needs room too.
  constants: { fullShare: 0.9 },
  policy: ({ fullShare }) => ({
    prepare(conversation) {
      dropTo(conversation, fullShare * conversation.session.limits.windowTokens)
    },
    async overflowed(conversation) {
      return dropTo(conversation, estimate(conversation.messages) * 0.8)
    },
  }),
})
