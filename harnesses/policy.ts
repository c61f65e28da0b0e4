// What a policy may do: the moments of one loop. Every part is a policy that answers a few of them, for one
// slot; the loop in `kernel.ts` asks all policies at each moment and knows none of them.
import type {
  Completion,
  Job,
  Machine,
  Message,
  Request,
  Session,
  Tool,
  ToolCall,
  Usage,
} from '../sim/index.ts'

export type Args = Readonly<Record<string, unknown>>

/** One job's conversation as its parts see it. Messages are frozen: edit by replacement. */
export interface Conversation {
  readonly machine: Machine
  readonly session: Session
  /** What the parts of one boot share, by their own key: queues, locks, groups. Gone after a crash. */
  readonly shared: Map<string, unknown>
  /** What parts keep of this conversation, by their own key. */
  readonly memo: Map<string, unknown>
  /** What parts keep of the job, however often it is done again: what it used. Gone after a crash. */
  readonly account: Map<string, unknown>
  /** Window / the window that the design's constants are made for; 1 where they are meant absolutely. */
  readonly scale: number
  /** What is offered. */
  tools: readonly Tool[]
  /** The history: what the next request shows of the job, before `view`. */
  messages: readonly Message[]
  /** All that was ever said in it, in order; no compaction takes from it. */
  readonly transcript: Message[]
  /** Answers so far, of the job. */
  turns: number
  /** As the provider told it for the newest answer; whoever shortens the history forgets it. */
  usage: Usage | undefined
  /** Cuts off the generation that is being spoken. */
  signal: AbortSignal | undefined
  /** Whether a policy wants the message kept, whatever is dropped. */
  isPinned(message: Message): boolean
}

/** A call that can be carried out. */
export interface Call {
  readonly id: string
  readonly name: string
  readonly args: Args
}

export interface Result {
  readonly text: string
  /** Undefined where the protocol has no flag for it, and the text alone tells. */
  readonly isError: boolean | undefined
}

/** What is made of a call as it was spoken. `shown` is how the history has it, where it differs. */
export type Reading =
  | { readonly kind: 'run'; readonly call: Call; readonly shown?: ToolCall | undefined }
  | { readonly kind: 'tell'; readonly result: Result; readonly shown?: ToolCall | undefined }
  | { readonly kind: 'end'; readonly reply: string }

/** Why a call is not run: told to the model, or, with `ends`, the end of the job with these words. */
export interface Denial {
  readonly text: string
  readonly ends?: boolean
}

/** An answer, and what came of its calls: in order, one result for each. */
export interface Turn {
  readonly answer: Message
  readonly results: readonly Result[]
}

export type Next =
  | { readonly kind: 'end'; readonly reply: string }
  | { readonly kind: 'go'; readonly say?: readonly Message[] }

type Eventually<T> = T | Promise<T>

/**
 * All moments, in the order of the loop; a policy answers what it needs. It has no state of its own: what
 * it keeps stands in `memo` or `shared`. It never throws, but to mirror a design that does.
 * Layers lie in the order of `SLOTS`, the first innermost: at each moment inner policies are asked first, and
 * of those that stand around something (`ask`, `read`, `run`) the outer ones stand around the inner.
 */
export interface Policy {
  /** Who serves the jobs: booted once for all users, or, where nothing is said, once for each. */
  readonly users?: 'all' | 'one'
  /** In which order jobs are served, and how many at once. One policy at most; else one by one. */
  serve?(machine: Machine, one: (job: Job) => Promise<void>): Promise<void>
  /** The session, and so the files, that a job acts on. One policy at most; else those that all share. */
  session?(machine: Machine, job: Job): Session
  /** The conversation begins, or begins again after a crash: may change tools and messages, and wait. */
  open?(conversation: Conversation): Eventually<void>
  /** Why the job has to stop now, if it has to: asked before every request. */
  spent?(conversation: Conversation): string | undefined
  /** Before every request: may edit the history, ask the model something else, wait. */
  prepare?(conversation: Conversation): Eventually<void>
  /** What the request shows of the history, which stays as it is. */
  view?(messages: readonly Message[], conversation: Conversation): readonly Message[]
  /** Around a request. */
  ask?(
    request: Request,
    conversation: Conversation,
    next: (request: Request) => Promise<Completion>,
  ): Promise<Completion>
  /** A request was refused for its length. True: the history is shorter, and the request made again. */
  overflowed?(conversation: Conversation): Promise<boolean>
  /** Around the reading of a call. */
  read?(call: ToolCall, conversation: Conversation, next: (call: ToolCall) => Reading): Reading
  /** Whether a call may run. The first denial counts. */
  gate?(call: Call, conversation: Conversation): Eventually<Denial | undefined>
  /** Whether a call may run while its neighbours do; where nothing is said, it may not. */
  isBeside?(call: Call, conversation: Conversation): boolean
  /** Around a call that may run. */
  run?(
    call: Call,
    conversation: Conversation,
    next: (call: Call) => Promise<Result>,
  ): Promise<Result>
  /** Whether a message is to be kept, whatever is dropped. */
  keeps?(message: Message, conversation: Conversation): boolean
  /**
   * After a turn: whether to go on. The first that ends ends; what others say is said together. Where none
   * answers, the loop goes on while there are calls.
   */
  after?(turn: Turn, conversation: Conversation): Next | undefined
  /** A turn is over: what is to outlive a crash. */
  save?(conversation: Conversation): Eventually<void>
  /** The job is done. False: it has to be done again, on a new session. */
  close?(conversation: Conversation): Eventually<boolean>
}
