// The one loop under every kernel of ours. What a design does differently is a part in a slot; a kernel
// is a page that names parts, constants and their sources. No design has a special case here.
import type { Completion, Job, Machine, Message } from '../sim/index.ts'
import { compose, type Design } from './design.ts'
import type { Part } from './part.ts'
import type { Conversation } from './policy.ts'
import { carryOut } from './turn.ts'

export type {
  Completion,
  Message,
  Request,
  Session,
  Tool,
  ToolCall,
  Workspace,
} from '../sim/index.ts'
export type { Constants, Part } from './part.ts'
export { part } from './part.ts'
export type {
  Args,
  Call,
  Conversation,
  Denial,
  Next,
  Policy,
  Reading,
  Result,
  Turn,
} from './policy.ts'
export { add, carryOut } from './turn.ts'

/** The slots of a kernel, the one list: what each decides. The first is innermost. @see Policy */
export const SLOTS = {
  scheduler: 'whose turn it is, and for how long',
  isolation: 'whose files a job acts on, and what becomes of them',
  tools: 'which tools there are, and how they are called',
  ipc: 'how sessions speak to each other',
  memory: 'what is kept outside the window, and how it comes back',
  recovery: 'what becomes of a call that cannot be run as spoken',
  context: 'what of the history is sent',
  pinning: 'what is kept, whatever is dropped',
  turn: 'whether to go on after an answer',
  loops: 'what counts as going in circles',
  budget: 'how much a job may use',
  checkpoint: 'what outlives a crash',
  access: 'which calls are permitted',
  defence: 'how results are kept from being obeyed',
  interrupt: 'when a job that is taken back stops',
  observe: 'what can be seen from outside',
} as const

export type Slot = keyof typeof SLOTS

/** What enosys boots. */
export interface Kernel {
  /** The system that it mirrors, with version and date; or what it stands for. */
  readonly mirrors: string
  /** Booted once for all users, or once for each. */
  readonly users: 'all' | 'one'
  boot(machine: Machine): Promise<void>
}

export interface KernelPage {
  readonly mirrors: string
  readonly system: string
  /** A part, or a chain of them in their order, for each slot that the design fills. */
  readonly slots: { readonly [S in Slot]?: Part<S> | readonly Part<S>[] }
  /** Waits after refusals that pass, in milliseconds; none where there are none left. */
  readonly retries: readonly number[]
  /** Faults, by id, that the design does not survive, each with its reason. */
  readonly failsUnder?: Readonly<Record<string, string>>
  /** The window that constants in tokens and characters are made for; 200,000 where nothing is said. */
  readonly nativeWindowTokens?: number
}

export type PagedKernel = Kernel & { readonly page: KernelPage }

/** The parts of a page, slot by slot. */
export const partsOf = ({ slots }: KernelPage): readonly Part[] =>
  (Object.keys(SLOTS) as Slot[]).flatMap((slot) => slots[slot] ?? []) as Part[]

/** A kernel made of parts. @example export default kernel({ mirrors: 'Pi 0.73', slots: {...}, ... }) */
export function kernel(page: KernelPage): PagedKernel {
  const design = compose(page, partsOf(page))
  const boot = async (machine: Machine): Promise<void> => {
    const shared = new Map<string, unknown>()
    const one = async (job: Job): Promise<void> =>
      machine.reply(job.id, await work(machine, job, shared, design))
    if (design.serve !== undefined) return design.serve(machine, one)
    for await (const job of machine.jobs) await one(job)
  }
  return { mirrors: page.mirrors, users: design.users, boot, page }
}

const NATIVE_WINDOW_TOKENS = 200_000

/** How often a job whose files were in conflict is done again. */
const REDOS = 3

export async function begin(
  machine: Machine,
  job: Job,
  shared: Map<string, unknown>,
  design: Design,
  before?: Conversation,
): Promise<Conversation> {
  const { system, nativeWindowTokens = NATIVE_WINDOW_TOKENS } = design.page
  const session = design.session?.(machine, job) ?? machine.open({ job: job.id })
  const start: readonly Message[] = [
    { role: 'system', content: system },
    { role: 'user', content: job.prompt },
  ]
  const { windowTokens, isAbsolute } = machine.limits
  const c: Conversation = {
    machine,
    session,
    shared,
    memo: new Map(),
    account: before?.account ?? new Map(),
    scale: isAbsolute ? 1 : windowTokens / nativeWindowTokens,
    tools: (await session.tools.listTools()).tools,
    messages: start,
    transcript: [...start],
    turns: before?.turns ?? 0,
    usage: undefined,
    signal: undefined,
    isPinned: (message) => design.keeps.some((policy) => policy.keeps(message, c)),
  }
  for (const policy of design.open) await policy.open(c)
  return c
}

async function work(
  machine: Machine,
  job: Job,
  shared: Map<string, unknown>,
  design: Design,
): Promise<string> {
  let before: Conversation | undefined
  for (let redo = 0; ; redo++) {
    const c = await begin(machine, job, shared, design, before)
    before = c
    const reply = await converse(c, design)
    let isDone = true
    for (const policy of design.close) if (!(await policy.close(c))) isDone = false
    if (isDone) return reply
    if (redo === REDOS) return 'Stopped: the files changed under me again and again.'
    c.messages = []
    for (const policy of design.save) await policy.save(c)
  }
}

async function converse(c: Conversation, design: Design): Promise<string> {
  for (;;) {
    for (const policy of design.spent) {
      const spent = policy.spent(c)
      if (spent !== undefined) return `Stopped: ${spent}.`
    }
    const completion = await ask(c, design)
    if (completion.kind === 'refused') return `Stopped: ${completion.message}`
    c.turns++
    c.usage = completion.usage
    const ended = await carryOut(c, completion.message, design)
    for (const policy of design.save) await policy.save(c)
    if (ended !== undefined) return ended
  }
}

/** Asks until there is an answer, or a refusal that neither waiting nor dropping helps. */
async function ask(c: Conversation, design: Design): Promise<Completion> {
  let waits = 0
  for (;;) {
    for (const policy of design.prepare) await policy.prepare(c)
    let { messages } = c
    for (const policy of design.view) messages = policy.view(messages, c)
    const completion = await design.ask({ messages, tools: c.tools }, c)
    if (completion.kind === 'message') return completion
    if (completion.code === 'context_length_exceeded') {
      let isShorter = false
      for (const policy of design.overflowed) isShorter ||= await policy.overflowed(c)
      if (!isShorter) return completion
      continue
    }
    const wait = design.page.retries[waits++]
    const { status, retryAfterMs } = completion
    if (wait === undefined || !(status === 0 || status === 429 || status >= 500)) return completion
    // Taken back, a job waits no longer.
    await c.machine.clock.sleep(retryAfterMs ?? wait, c.signal).catch(() => {})
  }
}
