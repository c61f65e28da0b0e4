// Conversations to try parts on: begun on a machine as the loop begins them, with a history by hand.
import { compose, type Design } from '../../harnesses/design.ts'
import {
  add,
  begin,
  type Conversation,
  type Message,
  type Part,
  type Policy,
  part,
  type ToolCall,
} from '../../harnesses/kernel.ts'
import type { Instance } from '../../sim/index.ts'
import { instanceWith, kernelOf, play } from '../machine/rig.ts'

export interface Trial {
  readonly c: Conversation
  readonly design: Design
}

export interface Stage {
  readonly parts: readonly Part[]
  /** 8,000 where nothing is said. */
  readonly windowTokens?: number
  /** That of the machine where nothing is said: constants are then used as they stand. */
  readonly nativeWindowTokens?: number
  readonly instance?: Partial<Instance>
}

export const PROMPT = 'Hello.'

/** Does something in a conversation; what it throws is thrown, and what it returns returned. */
export async function converse<T>(stage: Stage, act: (trial: Trial) => T | Promise<T>): Promise<T> {
  const { parts, windowTokens = 8000, nativeWindowTokens = windowTokens, instance = {} } = stage
  const page = { mirrors: '-', system: 'You help.', slots: {}, retries: [], nativeWindowTokens }
  const design = compose(page, parts)
  let came: { readonly value: T } | { readonly thrown: unknown } | undefined
  const kernel = kernelOf(async (machine) => {
    for await (const job of machine.jobs) {
      try {
        const c = await begin(machine, job, new Map(), design)
        came = { value: await act({ c, design }) }
      } catch (thrown) {
        came = { thrown }
      }
      machine.reply(job.id, 'Done.')
    }
  })
  await play({ kernel, instance: instanceWith({ windowTokens, ...instance }) })
  if (came === undefined) throw new Error('the job never came')
  if ('thrown' in came) throw came.thrown
  return came.value
}

export const say = ({ c }: Trial, ...messages: readonly Message[]): void => add(c, ...messages)

export async function prepare({ c, design }: Trial): Promise<void> {
  for (const policy of design.prepare) await policy.prepare(c)
}

/** What the next request would show. */
export function shown({ c, design }: Trial): readonly Message[] {
  return design.view.reduce((messages, policy) => policy.view(messages, c), c.messages)
}

export async function overflowed({ c, design }: Trial): Promise<boolean> {
  for (const policy of design.overflowed) if (await policy.overflowed(c)) return true
  return false
}

export const user = (content: string): Message => ({ role: 'user', content })
export const said = (content: string): Message => ({ role: 'assistant', content })

interface Called extends Omit<ToolCall, 'args'> {
  readonly args: object
  readonly text: string
  readonly isError?: boolean
}

/** An answer with calls, and their results. */
export const turn = (...called: readonly Called[]): Message[] => [
  {
    role: 'assistant',
    content: '',
    calls: called.map(({ id, name, args }) => ({ id, name, args: JSON.stringify(args) })),
  },
  ...called.map(
    ({ id, text, isError = false }): Message => ({
      role: 'tool',
      callId: id,
      content: text,
      isError,
    }),
  ),
]

/** A file was read; the call has the file's path for its id. */
export const read = (path: string, text: string, id = path): Message[] =>
  turn({ id, name: 'read_file', args: { path }, text })

/** The texts of the results, by the ids of their calls. */
export const results = (messages: readonly Message[]): Record<string, string> =>
  Object.fromEntries(
    messages.flatMap(({ callId, content }) => (callId === undefined ? [] : [[callId, content]])),
  )

/** Pins every message whose text says so. */
export const pinsMarked: Part = part({
  slot: 'pinning',
  about: 'keeps what is marked',
  source: '-',
  policy: { keeps: ({ content }) => content.includes('KEEP') } satisfies Policy,
})
