// A kernel as it is booted, walked into a situation: the model says what is written here, and where nothing is
// written what it would say; all else is the machine's. What it was shown, what ran, what is left behind.
import {
  type Completion,
  type Conversation,
  kernel as kernelOfParts,
  type Message,
  type PagedKernel,
  part,
  type Request,
} from '../../harnesses/kernel.ts'
import type { BootableKernel } from '../../sim/boot.ts'
import type { Machine, Session } from '../../sim/index.ts'
import { instanceWith, ofKind, type Play, type Played, play } from '../machine/rig.ts'
import { type Answer, completionOf, END, over, saying, says } from '../parts/scripted.ts'

/** In an answer's place: the model itself. */
export const MODEL = 'model'

/** In turn, then `END`; or by the request, of which `n` counts from 1: nothing where the model itself speaks. */
export type Script =
  | readonly (Answer | typeof MODEL)[]
  | ((request: Request, n: number) => Answer | undefined)

export interface Walked extends Played {
  /** What the model was shown, request by request, all sessions together. */
  readonly requests: readonly Request[]
  /** The last conversation, as its parts left it. */
  readonly conversation: Conversation
  /** The newest reply. */
  readonly reply: string
  /** `name args` of what the world was asked to do. */
  readonly ran: readonly string[]
}

/** Plays a kernel of the house; without a script the model speaks for itself. */
export async function walk(
  kernel: PagedKernel,
  script: Script = () => undefined,
  of: Partial<Play> = {},
): Promise<Walked> {
  const requests: Request[] = []
  const seen: Conversation[] = []
  const watch = part({
    slot: 'observe',
    about: 'shows the conversation to the test',
    source: 'none',
    policy: { open: (c) => void seen.push(c) },
  })
  const { slots } = kernel.page
  const page = kernelOfParts({
    ...kernel.page,
    slots: { ...slots, observe: [slots.observe ?? [], watch].flat() },
  })
  const left = typeof script === 'function' ? [] : [...script]
  const next = (request: Request): Answer | undefined => {
    if (typeof script === 'function') return script(request, requests.length)
    const answer = left.shift() ?? says(END)
    return answer === MODEL ? undefined : answer
  }
  const open =
    (machine: Machine): Machine['open'] =>
    (given) => {
      const session = machine.open(given)
      const generate: Session['generate'] = (request, options) => {
        requests.push(request)
        const answer = next(request)
        if (answer === undefined) return session.generate(request, options)
        return saying(Promise.resolve(completionOf(answer)))
      }
      return over(session, { generate })
    }
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

/** An answer of which the provider tells so many tokens of input. */
export const used = (input: number, message: Message): Completion => ({
  ...(completionOf(message) as Extract<Completion, { kind: 'message' }>),
  usage: { input, cached: 0, output: 0 },
})

export const TOO_LONG: Completion = {
  kind: 'refused',
  status: 400,
  code: 'context_length_exceeded',
  message: 'too long',
}

export const refused = (status: number): Completion => ({
  kind: 'refused',
  status,
  code: 'refused',
  message: `refused with ${status}`,
})

/** Results that the model was shown, in order. */
export const resultsIn = (messages: readonly Message[]): string[] =>
  messages.filter(({ role }) => role === 'tool').map(({ content }) => content)
