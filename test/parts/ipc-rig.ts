// Two users whose agents speak to each other: programs by hand, a kernel with a part of the ipc slot.
import {
  type Conversation,
  kernel,
  type Message,
  type Part,
  part,
  type ToolCall,
} from '../../harnesses/kernel.ts'
import loop from '../../harnesses/kernels/loop.ts'
import { atOnce } from '../../harnesses/turns/slices.ts'
import type { Budget, Disk, Instance, Program, Step } from '../../sim/index.ts'
import { atom } from '../../sim/index.ts'
import { instanceWith, kernelOf, ofKind, type Play, type Played, play } from '../machine/rig.ts'

type Args = Readonly<Record<string, string>>

/** A step that needs nothing but what its templates name. */
export const step = (id: string, op: string, args: Args = {}, more: Partial<Step> = {}): Step => ({
  id,
  needs: [],
  call: { op, args },
  effect: 'once',
  ...more,
})

export interface Agent {
  readonly user: string
  readonly job: string
  readonly steps: readonly Step[]
  /** Known from the prompt, by name. */
  readonly facts?: Readonly<Record<string, string>>
  readonly arrivesMs?: number
}

/** An instance in which each agent has one job with these steps. */
export function agents(...all: readonly Agent[]): Instance {
  const programs = all.map(({ job, steps, facts = {} }): Program => {
    const needed = [...Object.keys(facts), ...steps.flatMap(({ needs }) => needs)]
    return {
      name: job,
      facts: Object.fromEntries(needed.map((name) => [name, { origin: 'user' }])),
      steps,
      answer: 'Done.',
    }
  })
  const users = [...new Set(all.map(({ user }) => user))].map((id) => ({
    id,
    jobs: all
      .filter(({ user }) => user === id)
      .map(({ job, facts = {}, arrivesMs = 0 }) => ({
        id: job,
        prompt: [
          atom('task', job, job),
          ...Object.entries(facts).map(([name, value]) => atom('fact', name, value)),
        ].join(' '),
        arrivesMs,
      })),
  }))
  return instanceWith({ users, programs })
}

/** The loop with other parts, those of one slot as a chain; booted once for each user. */
export const looping = (...parts: readonly Part[]) =>
  kernel({
    ...loop.page,
    slots: {
      ...loop.page.slots,
      ...Object.fromEntries(
        parts.map(({ slot }) => [slot, parts.filter((other) => other.slot === slot)]),
      ),
    },
  })

export const talk = (
  part: Part | readonly Part[],
  instance: Instance,
  chance: Readonly<Record<string, boolean>> = {},
): Promise<Played> => play({ kernel: looping(...[part].flat()), instance, chance })

/** The results of own tools as the model saw them: they are in no `call` event, for no world ran them. */
export function heard({ trace }: Pick<Played, 'trace'>, session: string): string[] {
  return ofKind(trace, 'request')
    .filter((request) => request.session === session)
    .flatMap(({ added }) => added.map(([, message]) => message))
    .filter(({ role }) => role === 'tool')
    .map(({ content }) => content)
}

/** What was said to the model as a user, after its task. */
export const toldTo = ({ trace }: Pick<Played, 'trace'>, session: string): string[] =>
  ofKind(trace, 'request')
    .filter((request) => request.session === session)
    .flatMap(({ added }) => added.map(([, message]) => message))
    .filter(({ role }) => role === 'user')
    .map(({ content }) => content)
    .slice(1)

export const repliesOf = ({ trace }: Pick<Played, 'trace'>): Record<string, string> =>
  Object.fromEntries(ofKind(trace, 'reply').map(({ job, text }) => [job, text]))

export const onDisk = ({ simulation }: Pick<Played, 'simulation'>, folder: string): string[] =>
  [...simulation.disk.keys()].filter((path) => path.startsWith(folder)).sort()

/** Every event at which a run could have crashed. */
export const crashPoints = ({ asked }: Pick<Played, 'asked'>): string[] =>
  asked.map(({ id }) => id).filter((id) => id.endsWith('/crash'))

/** The model's answers by heart: for each job what it calls, turn by turn. */
export type Scripts = Readonly<Record<string, readonly (readonly ToolCall[])[]>>

export const calls = (name: string, args: Args = {}): ToolCall => ({
  id: '',
  name,
  args: JSON.stringify(args),
})

/** Milliseconds that an answer takes. */
export const ANSWER_MS = 1000

/** Says the next turn of a job's script: the one after as many as its window shows. */
const reciting = (scripts: Scripts, isTogether: boolean) =>
  part({
    slot: 'scheduler',
    about: 'says what is written',
    source: 'none',
    policy: {
      ...(isTogether ? { users: 'all', serve: atOnce } : {}),
      async ask({ messages }, c) {
        await c.machine.clock.sleep(ANSWER_MS)
        const turn = messages.filter(({ role }) => role === 'assistant').length
        const named = scripts[c.session.job.id]?.[turn] ?? []
        const spoken = named.map((call, i) => ({ ...call, id: `${c.session.id}.${turn}.${i}` }))
        const message: Message = { role: 'assistant', content: spoken.length > 0 ? '' : 'Done.' }
        return {
          kind: 'message',
          message: spoken.length > 0 ? { ...message, calls: spoken } : message,
          finish: spoken.length > 0 ? 'tool_calls' : 'stop',
          usage: { input: 100, cached: 40, output: 10 },
        }
      },
    },
  })

export interface Recited extends Played {
  /** The newest conversation of each job, as its parts left it. */
  readonly conversations: ReadonlyMap<string, Conversation>
  readonly writes: readonly Wrote[]
}

/** What a kernel asked the disk to do. */
export interface Wrote {
  readonly how: 'write' | 'append'
  readonly path: string
  readonly text: string
}

/** The disk, with what is written to it noted. */
const noting = (disk: Disk, writes: Wrote[]): Disk => ({
  read: (path) => disk.read(path),
  create: (path, text) => disk.create(path, text),
  remove: (path) => disk.remove(path),
  list: () => disk.list(),
  write(path, text) {
    writes.push({ how: 'write', path, text })
    return disk.write(path, text)
  },
  append(path, text) {
    writes.push({ how: 'append', path, text })
    return disk.append(path, text)
  },
})

export interface Recital extends Partial<Play> {
  /** Where nothing is said, `job-a` is Ana's, `job-b` Ben's, `job-c` Cid's. */
  readonly users?: Readonly<Record<string, string>>
  /** One kernel for all users, all jobs at once; else one for each user, one job after the other. */
  readonly isTogether?: boolean
  readonly params?: Readonly<Record<string, number>>
  readonly budget?: Budget
}

/** Plays jobs whose model says what is written. */
export async function recite(
  parts: readonly Part[],
  scripts: Scripts,
  { users = USERS, isTogether = false, params = {}, budget = {}, ...of }: Recital = {},
): Promise<Recited> {
  const conversations = new Map<string, Conversation>()
  const watch = part({
    slot: 'interrupt',
    about: 'shows the conversations to the test',
    source: 'none',
    policy: { open: (c) => void conversations.set(c.session.job.id, c) },
  })
  const jobsOf = (user: string) => Object.keys(scripts).filter((id) => users[id] === user)
  const instance = instanceWith({
    params,
    budget,
    users: [...new Set(Object.keys(scripts).map((id) => users[id] ?? ''))].map((user) => ({
      id: user,
      jobs: jobsOf(user).map((id) => ({ id, prompt: 'Work.', arrivesMs: 0 })),
    })),
  })
  const { users: booted, boot } = looping(reciting(scripts, isTogether), watch, ...parts)
  const writes: Wrote[] = []
  const kernel = kernelOf(
    (machine) => boot({ ...machine, disk: noting(machine.disk, writes) }),
    booted,
  )
  const played = await play({ kernel, instance, ...of })
  return { ...played, conversations, writes }
}

const USERS: Readonly<Record<string, string>> = { 'job-a': 'ana', 'job-b': 'ben', 'job-c': 'cid' }

/** What the calls of a job came to. */
export const results = ({ conversations }: Recited, job: string): string[] =>
  (conversations.get(job)?.transcript ?? [])
    .filter(({ role }) => role === 'tool')
    .map(({ content }) => content)

/** What was put before the model of a job, beside its task. */
export const notices = ({ conversations }: Recited, job: string): string[] =>
  (conversations.get(job)?.transcript ?? [])
    .filter(({ role }) => role === 'user')
    .map(({ content }) => content)
    .slice(1)
