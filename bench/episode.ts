// The work that the benches do: a tiny instance, and the smallest kernel that can do it.

import type { BootableKernel } from '../sim/boot.ts'
import { sampled } from '../sim/core/chance.ts'
import { draw } from '../sim/core/draw.ts'
import { Trace } from '../sim/core/trace.ts'
import { drive } from '../sim/host/drive.ts'
import type { Instance, Machine, Message, Program, Request, Session } from '../sim/index.ts'
import { atom } from '../sim/index.ts'
import { Simulation } from '../sim/machine.ts'
import type { House } from '../testbed/house.ts'

/** A task of so many steps, each of which reads a file whose place is known. */
export const reading = (steps: number): Program => ({
  name: 'read',
  facts: { port: { origin: 'stable' } },
  steps: Array.from({ length: steps }, (_, i) => ({
    id: `read-${i}`,
    needs: ['@port'],
    call: { op: 'files.read', args: { path: '{@port}' } },
    effect: 'read' as const,
  })),
  answer: 'The port is {port}.',
})

export interface Shape {
  readonly profile: string
  readonly seed: number
  readonly windowTokens: number
  readonly programs: readonly Program[]
  /** The name of the program that the first message asks for. */
  readonly task: string
}

/** Drawn as a scenario draws: the same seed, the same instance. */
export function instanceOf({ seed, windowTokens, programs, task }: Shape): Instance {
  const chance = draw(`${seed}|bench`)
  const [service, port] = [chance.word(2), String(chance.int(2000, 9999))]
  const path = `config/${service}.txt`
  const prompt = `${atom('task', task, 'job-1')} Which port does ${service} listen on? See ${atom('place', 'port', path)}.`
  return {
    scenario: 'bench',
    params: {},
    world: { files: { [path]: `port ${atom('fact', 'port', port)}` } },
    reactions: [],
    users: [{ id: 'ana', jobs: [{ id: 'job-1', prompt, arrivesMs: 0 }] }],
    programs,
    hazards: [],
    truths: {},
    windowTokens,
    difficulty: 0.5,
    troubleTurns: 1e9,
  }
}

/** Asks, runs what is called, asks again: until there is an answer without a call. */
export async function converse(
  session: Session,
  messages: readonly Message[],
  tools: NonNullable<Request['tools']>,
  clock: Machine['clock'],
): Promise<readonly Message[]> {
  let history = messages
  for (;;) {
    const completion = await session.generate({ messages: history, tools }).result
    if (completion.kind === 'refused') {
      await clock.sleep(completion.retryAfterMs ?? 1000)
      continue
    }
    const { message } = completion
    history = [...history, message]
    if (message.calls === undefined) return history
    for (const call of message.calls) {
      const { text, isError } = await act(session, call.name, call.args)
      history = [...history, { role: 'tool', callId: call.id, content: text, isError }]
    }
  }
}

/** Runs a call as the model spoke it. */
export async function act(
  session: Session,
  name: string,
  args: string,
): Promise<{ text: string; isError: boolean }> {
  let given: Record<string, unknown>
  try {
    given = JSON.parse(args)
  } catch {
    return { text: 'Error: the arguments are no JSON.', isError: true }
  }
  const result = await session.tools.callTool({ name, arguments: given })
  const [part] = result.content
  return { text: part?.type === 'text' ? part.text : '', isError: result.isError ?? false }
}

export const SYSTEM: Message = { role: 'system', content: 'You are a helpful agent.' }

export const minimal: BootableKernel = {
  users: 'one',
  async boot(machine: Machine): Promise<void> {
    for await (const job of machine.jobs) {
      const session = machine.open({ job: job.id })
      const { tools } = await session.tools.listTools()
      const history = await converse(
        session,
        [SYSTEM, { role: 'user', content: job.prompt }],
        tools,
        machine.clock,
      )
      machine.reply(job.id, history.at(-1)?.content ?? '')
    }
  },
}

/** A simulation as `testbed/run.ts` makes one. */
export async function simulate(shape: Shape, house: House, kernel: BootableKernel): Promise<Trace> {
  const profile = await house.profile(shape.profile)
  const trace = new Trace()
  let now = () => 0
  const chance = sampled(`${shape.seed}|bench|0|0`, (decision) =>
    trace.add({ kind: 'decision', at: now(), ...decision }),
  )
  const bounds = { events: 1e9, virtualMs: 1e15 }
  const instance = instanceOf(shape)
  trace.add({ kind: 'instance', at: 0, run: { instance, profile: shape.profile } })
  const simulation = new Simulation({ house, instance, chance, trace, profile, bounds })
  now = () => simulation.now
  simulation.start(() => kernel)
  await drive(simulation, { isForeign: false })
  if (simulation.ending?.kind !== 'done') throw new Error(JSON.stringify(simulation.ending))
  return trace
}
