// The one loop under every kernel of ours. What a design does differently is a part in a slot; a kernel
// is a page that names parts, constants and their sources. No design has a special case here.
import type {
  Completion,
  Job,
  Machine,
  Message,
  Request,
  Session,
  Tool,
  Workspace,
} from '../sim/index.ts'

/** One job's conversation as its parts see it. Messages are frozen: edit by replacement. */
export interface Conversation {
  readonly machine: Machine
  readonly session: Session
  readonly tools: readonly Tool[]
  messages: readonly Message[]
  /** What parts keep between turns, by their own key. */
  readonly memo: Map<string, unknown>
  turns: number
}

/** What of the history is sent. Both may edit the conversation. */
export interface Context {
  /** Before each request. */
  prepare(conversation: Conversation): Promise<void>
  /** After a refusal for length. False: nothing more can be done. */
  overflowed(conversation: Conversation): Promise<boolean>
}

export interface Result {
  readonly text: string
  readonly isError: boolean
}

/** Which tools a model is offered, in which form, and how a call of one is carried out. Never throws. */
export interface Toolset {
  list(session: Session): Promise<readonly Tool[]>
  call(session: Session, name: string, args: Readonly<Record<string, unknown>>): Promise<Result>
  ask(session: Session, request: Request): Promise<Completion>
}

/** What becomes of a call that cannot be run as spoken. */
export interface Recovery {
  /** The arguments, or what is answered instead of running the call. */
  read(name: string, args: string): Readonly<Record<string, unknown>> | Result
  unknownTool(name: string, tools: readonly Tool[]): Result
  /** How the history shows a call whose arguments were repaired. */
  retell?(args: Readonly<Record<string, unknown>>): string
}

/** Whether the loop goes on after an answer without a call: a text to say, or nothing to end the job. */
export interface Turn {
  after(answer: Message, conversation: Conversation): string | undefined
}

/** Whose files a job acts on, and what becomes of them at its end. */
export interface Isolation {
  open(machine: Machine, job: Job): Session
  /** False: the job has to be done again. */
  close(session: Session): boolean
}

/** Why a conversation has to stop now, if it has to. */
export interface Budget {
  spent(conversation: Conversation): string | undefined
}

/** What outlives a crash. */
export interface Checkpoint {
  restore(machine: Machine, job: Job): Promise<readonly Message[]>
  save(machine: Machine, job: Job, messages: readonly Message[]): Promise<void>
}

/** The slots of a kernel: the one list. */
export interface Slots {
  readonly context: Context
  readonly tools: Toolset
  readonly turn: Turn
  readonly recovery: Recovery
  readonly isolation: Isolation
  readonly budget: Budget
  readonly checkpoint: Checkpoint
}

export const SLOTS = [
  'context',
  'tools',
  'turn',
  'recovery',
  'isolation',
  'budget',
  'checkpoint',
] as const satisfies readonly (keyof Slots)[]

/** A part: one policy of one slot. Its path is its id. */
export interface Part<S extends keyof Slots = keyof Slots> {
  readonly slot: S
  /** One line. */
  readonly about: string
  readonly source: string
  readonly policy: Slots[S]
}

export const part = <S extends keyof Slots>(entry: Part<S>): Part<S> => entry

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
  readonly slots: { readonly [S in keyof Slots]: Part<S> }
  /** Waits after refusals that pass, in milliseconds; none where there are none left. */
  readonly retries: readonly number[]
}

export type PagedKernel = Kernel & { readonly page: KernelPage }

/** A kernel made of parts. @example export default kernel({ mirrors: 'Pi 0.73', slots: {...}, ... }) */
export function kernel(page: KernelPage): PagedKernel {
  const { context, tools, turn, recovery, isolation, budget, checkpoint } = page.slots
  const design: Design = {
    system: page.system,
    retries: page.retries,
    context: context.policy,
    tools: tools.policy,
    turn: turn.policy,
    recovery: recovery.policy,
    isolation: isolation.policy,
    budget: budget.policy,
    checkpoint: checkpoint.policy,
  }
  const boot = async (machine: Machine): Promise<void> => {
    for await (const job of machine.jobs) machine.reply(job.id, await serve(machine, job, design))
  }
  return { mirrors: page.mirrors, users: 'one', boot, page }
}

type Design = Slots & Pick<KernelPage, 'system' | 'retries'>

/** How often a job whose files were in conflict is done again. */
const REDOS = 3

async function serve(machine: Machine, job: Job, design: Design): Promise<string> {
  for (let redo = 0; ; redo++) {
    const session = design.isolation.open(machine, job)
    const answer = await converse(machine, session, design)
    if (design.isolation.close(session)) return answer
    if (redo === REDOS) return 'Stopped: the files changed under me again and again.'
    await design.checkpoint.save(machine, job, [])
  }
}

async function converse(machine: Machine, session: Session, design: Design): Promise<string> {
  const { job } = session
  const kept = await design.checkpoint.restore(machine, job)
  const start: Message[] = [
    { role: 'system', content: design.system },
    { role: 'user', content: job.prompt },
  ]
  const conversation: Conversation = {
    machine,
    session,
    tools: await design.tools.list(session),
    messages: kept.length > 0 ? kept : start,
    memo: new Map(),
    turns: 0,
  }
  for (;;) {
    const spent = design.budget.spent(conversation)
    if (spent !== undefined) return `Stopped: ${spent}.`
    const completion = await ask(conversation, design)
    if (completion.kind === 'refused') return `Stopped: ${completion.message}`
    conversation.turns++
    const { message } = completion
    if ((message.calls ?? []).length > 0) await carryOut(conversation, message, design)
    else {
      const goOn = design.turn.after(message, conversation)
      if (goOn === undefined) return message.content
      add(conversation, message, { role: 'user', content: goOn })
    }
    await design.checkpoint.save(machine, job, conversation.messages)
  }
}

const add = (conversation: Conversation, ...messages: readonly Message[]): void => {
  conversation.messages = [...conversation.messages, ...messages]
}

/** Asks until there is an answer, or a refusal that neither waiting nor dropping helps. */
async function ask(conversation: Conversation, design: Design): Promise<Completion> {
  const { machine, session, tools } = conversation
  const { context, retries } = design
  let waits = 0
  for (;;) {
    await context.prepare(conversation)
    const completion = await design.tools.ask(session, { messages: conversation.messages, tools })
    if (completion.kind === 'message') return completion
    if (completion.code === 'context_length_exceeded') {
      if (!(await context.overflowed(conversation))) return completion
      continue
    }
    const wait = retries[waits++]
    const { status } = completion
    const passes = status === 0 || status === 429 || status >= 500
    if (wait === undefined || !passes) return completion
    await machine.clock.sleep(completion.retryAfterMs ?? wait)
  }
}

/** Runs the calls of an answer in order, and shows the model what came of each. */
async function carryOut(conversation: Conversation, answer: Message, slots: Slots): Promise<void> {
  const { session, tools } = conversation
  const { recovery } = slots
  const told = []
  const results: Message[] = []
  for (const call of answer.calls ?? []) {
    let shown = call
    let result: Result
    if (!tools.some(({ name }) => name === call.name)) {
      result = recovery.unknownTool(call.name, tools)
    } else {
      const read = recovery.read(call.name, call.args)
      if (isResult(read)) result = read
      else {
        if (recovery.retell !== undefined) shown = { ...call, args: recovery.retell(read) }
        result = await slots.tools.call(session, call.name, read)
      }
    }
    told.push(shown)
    results.push({ role: 'tool', callId: call.id, content: result.text, isError: result.isError })
  }
  add(conversation, { ...answer, calls: told }, ...results)
}

const isResult = (read: Readonly<Record<string, unknown>> | Result): read is Result =>
  typeof read.text === 'string' && typeof read.isError === 'boolean'

export type { Completion, Message, Request, Session, Tool, Workspace }
