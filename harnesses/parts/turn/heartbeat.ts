// MemGPT's chain of events: the model goes on only where a call asks for it (`request_heartbeat`, added to
// every tool) or fails; else it yields. Users hear what is said through `send_message` alone: text beside a
// call is inner thought. An answer without a call yields too, and is what the user hears if nothing was sent.
// The parameter is required there; here it may be left out, which means no: the tools behind never see it.

import { argsOf } from '../../hands/spoken.ts'
import { type Call, type Conversation, type Message, part, type Tool } from '../../kernel.ts'

const HEARTBEAT = 'request_heartbeat'
const SEND = 'send_message'
const SENT = 'turn.sent'

const PARAMETER = {
  type: 'boolean',
  description:
    "Request an immediate heartbeat after function execution. Set to 'true' if you want to send a follow-up message or run a follow-up function.",
} as const

const SENDING: Tool = {
  name: SEND,
  description: 'Sends a message to the human user.',
  inputSchema: {
    type: 'object',
    properties: {
      message: {
        type: 'string',
        description: 'Message contents. All unicode (including emojis) are supported.',
      },
    },
    required: ['message'],
  },
}

const beating = (tool: Tool): Tool => {
  const properties = { ...tool.inputSchema.properties, [HEARTBEAT]: PARAMETER }
  return { ...tool, inputSchema: { ...tool.inputSchema, properties } }
}

const event = (reason: string): Message => ({
  role: 'user',
  content: JSON.stringify({
    type: 'heartbeat',
    reason: `[This is an automated system message hidden from the user] ${reason}, returning control`,
  }),
})

/** Only a boolean counts: "true" is no request. */
function isRequested({ calls = [] }: Message): boolean {
  return calls.some((call) => {
    const spoken = argsOf(call.args)
    return 'args' in spoken && spoken.args[HEARTBEAT] === true
  })
}

function send({ args: { message } }: Call, { memo }: Conversation) {
  if (typeof message !== 'string')
    return { text: `Error calling function ${SEND}: missing argument 'message'`, isError: true }
  memo.set(SENT, message)
  return { text: JSON.stringify({ status: 'OK', message: 'None' }), isError: false }
}

export default part({
  slot: 'turn',
  about: 'goes on only where a call asks for a heartbeat or fails; users hear send_message',
  source:
    'MemGPT 2023: memgpt/constants.py, agent.py (read in source); schemas and order from memory',
  policy: {
    open(c) {
      c.tools = [SENDING, ...c.tools.map(beating)]
    },
    async run(call, c, next) {
      if (call.name === SEND) return send(call, c)
      const { [HEARTBEAT]: _, ...args } = call.args
      return next({ ...call, args })
    },
    after({ answer, results }, { memo }) {
      if (results.some(({ isError }) => isError))
        return { kind: 'go', say: [event('Function call failed')] }
      if (isRequested(answer))
        return { kind: 'go', say: [event('Function called using request_heartbeat=true')] }
      return { kind: 'end', reply: String(memo.get(SENT) ?? answer.content) }
    },
  },
})
