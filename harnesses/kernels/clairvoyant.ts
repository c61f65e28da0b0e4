// The ceiling: keeps the whole history, shows the model all that it tells and nothing else, one job at a
// time, and runs a call only if a flawless model would make it.
import type { Job, Machine, Message, Tool, ToolCall } from '../../sim/index.ts'
import type { Oracle } from '../../sim/oracle.ts'
import { control } from '../control.ts'

/** How often a wrong answer is asked for again before the right call is run without the model. */
const ASKS = 3

const isSame = (a: ToolCall | undefined, b: ToolCall): boolean =>
  a?.name === b.name && a.args === b.args

async function serve(machine: Machine, job: Job, oracle: Oracle): Promise<string> {
  const session = machine.open({ job: job.id })
  const tools: Tool[] = (await session.tools.listTools()).tools
  const system: Message = { role: 'system', content: 'You are a careful agent.' }
  let history: Message[] = [system, { role: 'user', content: job.prompt }]
  for (;;) {
    const wanted = oracle.answer(history, tools)
    const [call] = wanted.calls ?? []
    if (call === undefined) return wanted.content
    const known = `What you know:\n${oracle.brief(history)}\nDo the next step.`
    for (let asks = 0; asks < ASKS; asks++) {
      const messages: Message[] = [system, { role: 'user', content: known }]
      const completion = await session.generate({ messages, tools }).result
      if (completion.kind === 'refused') await machine.clock.sleep(completion.retryAfterMs ?? 1000)
      else if (isSame(completion.message.calls?.[0], call)) break
    }
    const before = oracle.effects()
    const result = await session.tools.callTool({
      name: call.name,
      arguments: JSON.parse(call.args),
    })
    const content = result.content.map((part) => (part.type === 'text' ? part.text : '')).join('')
    const isError = oracle.effects() === before && (result.isError === true || oracle.changes())
    history = [...history, wanted, { role: 'tool', callId: call.id, content, isError }]
  }
}

export default control({
  mirrors: 'the ceiling: asks the oracle',
  users: 'all',
  async boot(machine, oracle) {
    for await (const job of machine.jobs) machine.reply(job.id, await serve(machine, job, oracle))
  },
})
