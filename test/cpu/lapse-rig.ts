// What a model would lapse into at a window: the weights that it asks chance with, and what it says where
// one of them is forced. A fresh model each time, so that only the window can matter.
import { competence, type Decision, taped } from '../../sim/core/chance.ts'
import type { Message, Tool } from '../../sim/core/message.ts'
import type { Profile, Program } from '../../sim/cpu/index.ts'
import { house } from '../machine/rig.ts'
import { asks, cpuWith, exchange, flawless, TOOLS, user } from './desk.ts'

const typical = await house.profile('typical')

/** Three steps, the last two of which can be called in one turn. */
export const errand: Program = {
  name: 'errand',
  facts: { port: { origin: 'stable' } },
  steps: [
    { id: 'look', needs: [], call: { op: 'files.read', args: { path: 'p.txt' } }, effect: 'read' },
    {
      id: 'note',
      needs: ['port'],
      call: { op: 'files.write', args: { path: 'note.txt', content: 'port {port}' } },
      effect: 'idempotent',
    },
    {
      id: 'copy',
      needs: ['port'],
      call: { op: 'files.write', args: { path: 'copy.txt', content: 'port {port} again' } },
      effect: 'idempotent',
      isBeside: true,
    },
  ],
  answer: 'Done.',
}

export const ORDER = user('[[task:errand=job-1]] Note the port.')
export const LOOKED = exchange('job-1.look.1', 'It says [[fact:port=8080]].')

/** Windows before a turn with one call, and before one with two. */
export const ONE: readonly Message[] = [ORDER]
export const TWO: readonly Message[] = [ORDER, ...LOOKED]

/** A call of a name under which nothing is offered, and what was answered. */
export const phantom = (answer: string): Message[] =>
  exchange('job-1.look.1', answer, { name: 'open_file', isError: true })

export const failure = (id = 'job-1.look.1'): Message[] =>
  exchange(id, 'Error: no such file: p.txt', { args: { path: 'p.txt' }, isError: true })

export interface Given {
  readonly tools?: readonly Tool[]
  readonly profile?: Profile
}

/** The odds of each lapse at this window, by its id. */
export function weightsAt(messages: readonly Message[], given: Given = {}): Map<string, number> {
  const { tools = TOOLS, profile = typical } = given
  let weights = new Map<string, number>()
  const noting = {
    ...competence,
    pick<K extends string>(id: string, weighted: readonly (readonly [K, number])[]): K {
      if (id.endsWith('/lapse')) weights = new Map(weighted)
      return competence.pick(id, weighted)
    },
  }
  asks(cpuWith({ programs: [errand], profile }), 'job-1', { messages, tools }, noting)
  return weights
}

type Forced = Readonly<Record<string, Decision['value']>>

/** What is said where these decisions are forced; all of them have to be asked for. */
export const forcedAt = (messages: readonly Message[], decisions: Forced, given: Given = {}) =>
  forced(messages, decisions, given).utterance

/** The labels among which a decision would be made, where others are forced. */
export const labelsAt = (
  messages: readonly Message[],
  decisions: Forced,
  site: string,
  given: Given = {},
): readonly string[] => forced(messages, decisions, given).labels.get(site) ?? []

function forced(
  messages: readonly Message[],
  decisions: Forced,
  { tools = TOOLS, profile = flawless }: Given,
) {
  const tape = taped(new Map(Object.entries(decisions)), () => {})
  const labels = new Map<string, string[]>()
  const chance = {
    ...tape,
    pick<K extends string>(id: string, weighted: readonly (readonly [K, number])[]): K {
      const possible = weighted.filter(([, weight]) => weight > 0)
      labels.set(
        id,
        possible.map(([label]) => label),
      )
      return tape.pick(id, weighted)
    },
  }
  const desk = { programs: [errand], profile }
  const { utterance } = asks(cpuWith(desk), 'job-1', { messages, tools }, chance)
  if (tape.unreached().length > 0) throw new TypeError(`not reached: ${tape.unreached()}`)
  return { utterance, labels }
}

/** `typical` with some parameters of a behaviour set. */
export const withParams = (id: string, set: Readonly<Record<string, number>>): Profile => ({
  ...typical,
  behaviours: { ...typical.behaviours, [id]: { ...typical.behaviours[id], ...set } },
})

export const paramOf = (id: string, name: string): number => typical.behaviours[id]?.[name] ?? NaN

export const withProvokes = (set: Partial<Profile['provokes']>): Profile => ({
  ...typical,
  provokes: { ...typical.provokes, ...set },
})

/** So many tools more, with names that are like no other. */
export const crowd = (count: number): Tool[] =>
  Array.from({ length: count }, (_, n) => named(`${'qxzjv'.repeat(3).slice(n % 5, 8)}${n}`))

export const named = (name: string): Tool => ({
  name,
  inputSchema: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
})
