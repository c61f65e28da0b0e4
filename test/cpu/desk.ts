// The model alone, without a machine: what it answers to messages, under a chance of one's own.
import { type Chance, competence } from '../../sim/core/chance.ts'
import type { Message, Request, Tool } from '../../sim/core/message.ts'
import { Cpu, type Profile, type Program } from '../../sim/cpu/index.ts'
import { World } from '../../sim/world/index.ts'
import { house } from '../machine/rig.ts'

export const flawless = await house.profile('flawless')

export const TOOLS: Tool[] = new World({ files: {}, payments: [] }).offered

export interface Desk {
  readonly programs: readonly Program[]
  readonly profile?: Profile
  readonly windowTokens?: number
}

export function cpuWith({ programs, profile = flawless, windowTokens = 100_000 }: Desk): Cpu {
  return new Cpu({
    ...house,
    programs: new Map(programs.map((program) => [program.name, program])),
    profile,
    windowTokens,
    planned: new Map(),
  })
}

/** Asks as a session would, and fails where a provider would refuse. */
export function asks(cpu: Cpu, session: string, request: Request, chance: Chance = competence) {
  const reading = cpu.read(session, request)
  if (reading.refusal !== undefined) throw new TypeError(reading.refusal.message)
  return cpu.answer(session, request, reading, chance)
}

/** What a fresh model says to these messages. */
export const says = (desk: Desk, messages: readonly Message[], chance?: Chance) =>
  asks(cpuWith(desk), 'job-1', { messages, tools: TOOLS }, chance)

export const user = (content: string): Message => ({ role: 'user', content })

/** A call and its result. */
export const exchange = (
  id: string,
  result: string,
  {
    args = {},
    isError = false,
    name = 'read_file',
  }: { args?: object; isError?: boolean; name?: string } = {},
): Message[] => [
  { role: 'assistant', content: '', calls: [{ id, name, args: JSON.stringify(args) }] },
  { role: 'tool', callId: id, content: result, isError },
]

export const ship: Program = {
  name: 'ship',
  facts: {
    port: { origin: 'stable' },
    owner: { origin: 'user' },
    label: { origin: 'own', options: ['north', 'south'] },
  },
  steps: [
    {
      id: 'look',
      needs: ['@port'],
      call: { op: 'files.read', args: { path: '{@port}' } },
      effect: 'read',
    },
    {
      id: 'write',
      needs: ['port', 'owner', 'label'],
      call: {
        op: 'files.write',
        args: { path: 'out.txt', content: '{port} {owner} {label} {=port+1}' },
      },
      effect: 'idempotent',
    },
    { id: 'list', needs: [], call: { op: 'files.list', args: {} }, effect: 'read' },
  ],
  answer: 'Shipped {job} to {owner}.',
}
