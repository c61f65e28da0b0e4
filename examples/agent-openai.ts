// The same with the real `openai` package: nothing changes but where its requests go. Its timers,
// waits and retries run in virtual time. In a project of your own: from 'enosys'.
import OpenAI from 'openai'
import type { ChatCompletionMessageParam, ChatCompletionTool } from 'openai/resources'
import type { Session, Tool } from '../index.ts'

const offered = ({ name, description = '', inputSchema }: Tool): ChatCompletionTool => ({
  type: 'function',
  function: { name, description, parameters: inputSchema },
})

async function carryOut({ tools }: Session, name: string, args: string): Promise<string> {
  try {
    const result = await tools.callTool({ name, arguments: JSON.parse(args) })
    return result.content.map((part) => (part.type === 'text' ? part.text : '')).join('')
  } catch (thrown) {
    return `Error: ${thrown}`
  }
}

export default async function agent(session: Session): Promise<string> {
  const openai = new OpenAI({ baseURL: 'http://enosys/v1', apiKey: 'sim', fetch: session.fetch })
  const tools = (await session.tools.listTools()).tools.map(offered)
  const messages: ChatCompletionMessageParam[] = [
    { role: 'system', content: 'You are a careful agent. Use the tools. Say so when done.' },
    { role: 'user', content: session.job.prompt },
  ]
  for (;;) {
    const completion = await openai.chat.completions.create({ model: 'any', messages, tools })
    const message = completion.choices[0]?.message
    if (message === undefined) return 'No answer.'
    messages.push(message)
    for (const call of message.tool_calls ?? []) {
      if (call.type !== 'function') continue
      const content = await carryOut(session, call.function.name, call.function.arguments)
      messages.push({ role: 'tool', tool_call_id: call.id, content })
    }
    if (!message.tool_calls?.length) return message.content ?? ''
  }
}
