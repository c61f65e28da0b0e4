// A kernel of parts whose model says what is written here. All else is the machine's: tools, files, the user.
import {
  type Completion,
  type Conversation,
  type KernelPage,
  kernel,
  type Message,
  part,
  type Request,
  type ToolCall,
} from '../../harnesses/kernel.ts'
import type { BootableKernel } from '../../sim/boot.ts'
import type { Generation, Machine } from '../../sim/index.ts'
import { instanceWith, ofKind, type Play, type Played, play } from '../machine/rig.ts'

/** Said when the script is over. */
export const END = 'Done.'

export const call = (id: string, name: string, args: unknown = {}): ToolCall => ({
  id,
  name,
  args: typeof args === 'string' ? args : JSON.stringify(args),
})

export const says = (content: string, ...calls: readonly ToolCall[]): Message =>
  calls.length === 0 ? { role: 'assistant', content } : { role: 'assistant', content, calls }

export const read = (id: string, path = 'a.txt'): ToolCall => call(id, 'read_file', { path })

export interface Walked extends Played {
  /** What the model was shown, request by request. */
  readonly requests: readonly Request[]
  /** The last conversation, as its parts left it. */
  readonly conversation: Conversation
  readonly reply: string
  /** `name args` of what the world was asked to do. */
  readonly ran: readonly string[]
}

export type Answer = Message | Completion

export const completionOf = (answer: Answer): Completion =>
  'kind' in answer
    ? answer
    : {
        kind: 'message',
        message: answer,
        finish: answer.calls === undefined ? 'stop' : 'tool_calls',
        usage: { input: 100, cached: 0, output: 10 },
      }

/** The object, with some of its members replaced. Its methods keep their `this`. */
export function over<T extends object>(target: T, own: Partial<T>): T {
  const get = (_: object, key: string | symbol): unknown => {
    if (key in own) return own[key as keyof T]
    const value: unknown = Reflect.get(target, key, target)
    return typeof value === 'function' ? value.bind(target) : value
  }
  return new Proxy<T>({} as T, { get })
}

export function saying(result: Promise<Completion>): Generation {
  return {
    result,
    pause: () => {},
    resume: () => {},
    async *[Symbol.asyncIterator]() {},
  }
}

/** Plays a kernel of these parts, whose model gives the answers in turn. */
export async function walk(
  slots: KernelPage['slots'],
  answers: readonly Answer[],
  of: Partial<Play> = {},
): Promise<Walked> {
  const requests: Request[] = []
  const seen: Conversation[] = []
  const observe = part({
    slot: 'observe',
    about: 'shows the conversation to the test',
    source: 'none',
    policy: { open: (c) => void seen.push(c) },
  })
  const page = kernel({
    mirrors: 'a test',
    system: 'Work.',
    slots: { ...slots, observe },
    retries: [],
  })
  const left = [...answers]
  const generate = (request: Request): Generation => {
    requests.push(request)
    return saying(Promise.resolve(completionOf(left.shift() ?? says(END))))
  }
  const open =
    (machine: Machine): Machine['open'] =>
    (session) =>
      over(machine.open(session), { generate })
  const scripted: BootableKernel = {
    users: page.users,
    boot: (machine) => page.boot(over(machine, { open: open(machine) })),
  }
  const played = await play({ kernel: scripted, instance: instanceWith(), ...of })
  const conversation = seen.at(-1)
  if (conversation === undefined) throw new TypeError('the kernel opened no conversation')
  const ran = ofKind(played.trace, 'call').map(({ name, args }) => `${name} ${args}`)
  const reply = ofKind(played.trace, 'reply').at(-1)?.text ?? ''
  return { ...played, requests, conversation, reply, ran }
}

/** `role: content (calls)` of each message behind the prompt. */
export const told = (messages: readonly Message[]): string[] =>
  messages.slice(2).map(({ role, content, calls = [] }) => {
    const spoken = calls.map(({ name, args }) => `${name} ${args}`).join('; ')
    return `${role}: ${content}${spoken === '' ? '' : ` (${spoken})`}`
  })

/** What a strict provider finds wrong with a history: results without a call, calls without a result. */
export function faultsIn(messages: readonly Message[]): string[] {
  const faults: string[] = []
  let open: string[] = []
  for (const { role, calls = [], callId = '' } of messages) {
    if (role === 'tool') {
      if (!open.includes(callId)) faults.push(`an answer to no call: ${callId}`)
      open = open.filter((id) => id !== callId)
      continue
    }
    if (open.length > 0) faults.push(`unanswered: ${open.join(', ')}`)
    open = calls.map(({ id }) => id)
  }
  return open.length > 0 ? [...faults, `unanswered: ${open.join(', ')}`] : faults
}
