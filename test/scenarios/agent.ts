// A plain agent with a way to cheat: what it does before and after a job, around each call, and to the prompt.
import type { BootableKernel } from '../../sim/boot.ts'
import type { Instance, Job, Machine, Message, Session } from '../../sim/index.ts'
import { house, kernelOf, play } from '../machine/rig.ts'

type Args = Readonly<Record<string, unknown>>

interface Result {
  readonly text: string
  readonly isError: boolean
}

export type Next = (name: string, args: Args) => Promise<Result>

export interface Cheat {
  readonly before?: (session: Session) => void
  readonly after?: (session: Session) => void
  readonly call?: (session: Session, name: string, args: Args, next: Next) => Promise<Result>
  readonly prompt?: (job: Job) => string
}

async function answered(machine: Machine, job: Job, cheat: Cheat): Promise<string> {
  const session = machine.open({ job: job.id })
  cheat.before?.(session)
  const { tools } = await session.tools.listTools()
  const messages: Message[] = [
    { role: 'system', content: 'You are a careful agent.' },
    { role: 'user', content: cheat.prompt?.(job) ?? job.prompt },
  ]
  const next: Next = async (name, args) => {
    const { content, isError = false } = await session.tools.callTool({ name, arguments: args })
    const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('')
    return { text, isError }
  }
  for (;;) {
    const completion = await session.generate({ messages, tools }).result
    if (completion.kind === 'refused') return completion.message
    const { message } = completion
    messages.push(message)
    if ((message.calls ?? []).length === 0) {
      cheat.after?.(session)
      return message.content
    }
    for (const { id, name, args } of message.calls ?? []) {
      const given = JSON.parse(args) as Args
      const { text, isError } = await (cheat.call?.(session, name, given, next) ??
        next(name, given))
      messages.push({ role: 'tool', callId: id, content: text, isError })
    }
  }
}

export const agent = (cheat: Cheat): BootableKernel =>
  kernelOf(async (machine) => {
    for await (const job of machine.jobs) machine.reply(job.id, await answered(machine, job, cheat))
  })

/** What a scenario has against an agent that cheats so, by name. */
export async function against(
  instance: Instance,
  cheat: Cheat,
  profile = 'flawless',
): Promise<string[]> {
  const { simulation, trace } = await play({ kernel: agent(cheat), instance, profile })
  const { check } = await house.scenario(instance.scenario)
  const after = simulation.world.data()
  return check({ instance, before: instance.world, after, trace }).map(({ name }) => name)
}
