// One's own agent: an async function of a session; what it returns is the answer to the job's user.
// `npx enosys run --harness ./examples/agent.ts`. In a project of your own: from 'enosys'.
import type { Message, Session, ToolCall } from '../index.ts'

const SYSTEM = 'You are a careful agent. Use the tools. Say so when you are done.'

function read(args: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(args)
  } catch {
    return undefined
  }
}

async function carryOut({ tools }: Session, call: ToolCall): Promise<Message> {
  const args = read(call.args)
  const told = { role: 'tool', callId: call.id } as const
  if (args === undefined) return { ...told, content: 'Error: arguments no JSON', isError: true }
  const { content, isError = false } = await tools.callTool({ name: call.name, arguments: args })
  const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('')
  return { ...told, content: text, isError }
}

export default async function agent(session: Session): Promise<string> {
  const { tools } = await session.tools.listTools()
  const messages: Message[] = [
    { role: 'system', content: SYSTEM },
    { role: 'user', content: session.job.prompt },
  ]
  for (;;) {
    const answer = await session.generate({ messages, tools }).result
    if (answer.kind === 'refused') return `Stopped: ${answer.message}`
    messages.push(answer.message)
    const calls = answer.message.calls ?? []
    if (calls.length === 0) return answer.message.content
    for (const call of calls) messages.push(await carryOut(session, call))
  }
}
