// The world's tools, called by prompt: described in the system message, called and answered in text, as
// models without native calling are asked (Nous Research, Hermes-Function-Calling, 2024, its README).
import { type Message, part, type Request, type Tool } from '../../kernel.ts'

type Call = NonNullable<Message['calls']>[number]

const described = (tools: readonly Tool[]): string => {
  const signatures = tools.map(({ name, description, inputSchema }) =>
    JSON.stringify({ type: 'function', function: { name, description, parameters: inputSchema } }),
  )
  return [
    'You are provided with function signatures within <tools></tools> XML tags. For each function call',
    'return a JSON object with function name and arguments within <tool_call></tool_call> XML tags.',
    `<tools>\n${signatures.join('\n')}\n</tools>`,
  ].join('\n')
}

const asText = ({ name, args }: Call): string =>
  `<tool_call>\n{"name": ${JSON.stringify(name)}, "arguments": ${args}}\n</tool_call>`

const response = (name: string, content: string): string =>
  `<tool_response>\n${JSON.stringify({ name, content })}\n</tool_response>`

/** The conversation as text alone; results in a row are one message. */
function phrased({ messages, tools = [] }: Request): Message[] {
  const names = new Map<string, string>()
  const told: Message[] = []
  for (const message of messages) {
    const { role, content, calls = [], callId = '' } = message
    if (role === 'system') told.push({ role, content: `${content}\n\n${described(tools)}` })
    else if (role === 'assistant' && calls.length > 0) {
      for (const { id, name } of calls) names.set(id, name)
      const spoken = [content, ...calls.map(asText)].filter((text) => text !== '')
      told.push({ role, content: spoken.join('\n') })
    } else if (role === 'tool') {
      const text = response(names.get(callId) ?? '', content)
      const last = told.at(-1)
      if (last?.role === 'user' && last.content.startsWith('<tool_response>'))
        told[told.length - 1] = { role: 'user', content: `${last.content}\n${text}` }
      else told.push({ role: 'user', content: text })
    } else told.push(message)
  }
  return told
}

/** What a block says, as far as it can be read; arguments that are no JSON stay as they were spoken. */
function callOf(body: string, id: string): Call {
  try {
    const { name, arguments: args } = JSON.parse(body)
    return { id, name: String(name), args: JSON.stringify(args ?? {}) }
  } catch {
    const name = /"name"\s*:\s*"([^"]*)"/.exec(body)?.[1] ?? ''
    const args = /"arguments"\s*:\s*([\s\S]*)/.exec(body)?.[1] ?? body
    return { id, name, args: args.replace(/\}\s*$/, '') }
  }
}

function heard(message: Message, turn: number): Message {
  const blocks = [...message.content.matchAll(/<tool_call>\s*([\s\S]*?)\s*(?:<\/tool_call>|$)/g)]
  if (blocks.length === 0) return message
  const content = message.content.slice(0, message.content.indexOf('<tool_call>')).trim()
  const calls = blocks.map(([, body = ''], i) => callOf(body, `call_${turn}_${i}`))
  return { role: 'assistant', content, calls }
}

export default part({
  slot: 'tools',
  about: "the world's tools, described and called in text",
  source: 'Hermes-Function-Calling (Nous Research): <tools>, <tool_call>, <tool_response>',
  policy: {
    async ask(request, _conversation, next) {
      const { tools: _, ...spoken } = request
      const completion = await next({ ...spoken, messages: phrased(request) })
      if (completion.kind === 'refused') return completion
      const message = heard(completion.message, request.messages.length)
      return { ...completion, message, finish: message.calls ? 'tool_calls' : completion.finish }
    },
  },
})
