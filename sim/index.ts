// The machine: all that a harness can touch, seeded and virtual. This page is its contract.
import type { CallToolResult, Completion, Delta, Request, Tool } from './core/message.ts'
import type { Budget, Policy } from './instance.ts'
import type { Workspace } from './world/files.ts'

export { assert, UsageError } from './core/assert.ts'
export type { Kind as AtomKind } from './core/atoms.ts'
export { atom, atomsIn } from './core/atoms.ts'
export type { Chance, Decision } from './core/chance.ts'
export type { Draw } from './core/draw.ts'
export type {
  CallToolResult,
  Completion,
  Delta,
  Message,
  Refusal,
  Request,
  Role,
  Tool,
  ToolCall,
  Usage,
} from './core/message.ts'
export type { Purpose, Served, TraceEvent } from './core/trace.ts'
export { jobOf, WORLD } from './core/trace.ts'
export type { CallTemplate, Fact, Origin, Program, Step } from './cpu/program.ts'
export { callsOf, fill, readBack } from './cpu/program.ts'
export type {
  Budget,
  Instance,
  JobData,
  Placed,
  Policy,
  Reaction,
  Truth,
  UserData,
} from './instance.ts'
export type { Workspace, WorkspaceCommit } from './world/files.ts'
export type { WorldData } from './world/index.ts'

/** What a user asks for. Jobs arrive in virtual time, at least once: after a crash, unanswered ones again. */
export interface Job {
  readonly id: string
  readonly user: string
  readonly prompt: string
  /** Higher is more urgent; 0 as a rule. */
  readonly priority: number
  /** Virtual milliseconds after the start of the run. */
  readonly arrivesMs: number
  /** Virtual milliseconds after the start by which it has to be answered, if it has to be. */
  readonly deadlineMs: number | undefined
  /** Aborted when the user takes the job back. */
  readonly signal: AbortSignal
}

export interface Clock {
  /** Virtual milliseconds since the run began. */
  now(): number
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Real I/O while virtual time stands still. The run is then inexact. */
  hold<T>(promise: Promise<T>): Promise<T>
}

/** Outlives a crash. A write that is in flight at a crash is lost or torn. */
export interface Disk {
  read(path: string): Promise<string | undefined>
  write(path: string, text: string): Promise<void>
  append(path: string, text: string): Promise<void>
  /**
   * Writes a file if it is not there yet, and says whether it was not: of several at once one succeeds. What lock
   * files are made of; what stands in it can tear as in any other.
   */
  create(path: string, text: string): Promise<boolean>
  remove(path: string): Promise<void>
  list(): Promise<readonly string[]>
}

export interface Limits {
  readonly windowTokens: number
  /** Sizes in tokens are meant as they stand; else they scale with the window. */
  readonly isAbsolute: boolean
  /** Generations that the model works on at once; others wait. */
  readonly cores: number
  readonly tokensPerSecond: number
  /** What may be used of tokens; absent where there is no bound. */
  readonly budget?: Budget
}

/** MCP's types and error rules, acting on the session's workspace. Never rejects: errors are results. */
export interface Tools {
  listTools(): Promise<{ tools: Tool[] }>
  callTool(call: {
    readonly name: string
    readonly arguments?: Readonly<Record<string, unknown>>
  }): Promise<CallToolResult>
}

/**
 * `result` never rejects: errors are data, as from a provider. Each delta pulled is an event of its own.
 * Where the connection ends first the deltas end early, and the result is a refusal with status 0.
 */
export interface Speech extends AsyncIterable<Delta> {
  readonly result: Promise<Completion>
}

/** An answer, from whoever gives one. */
export type Generate = (request: Request, options?: { readonly signal?: AbortSignal }) => Speech

export interface Generation extends Speech {
  /** Stops speaking and gives the core back; what was spoken is kept. As a model on one's own machine can. */
  pause(): void
  /** Goes on where it stopped, when a core is free. */
  resume(): void
}

/** A shell on the session's workspace. */
export interface Terminal {
  /**
   * Runs a command line in a fresh shell at the root of the workspace. Never rejects: what went wrong is in
   * the output and the exit code (124 where it took longer than the time it was given).
   */
  run(command: string, options?: { readonly timeoutMs?: number }): Promise<Ran>
}

export interface Ran {
  /** What it wrote, standard error behind standard output. */
  readonly output: string
  readonly exitCode: number
}

/** Everything a kernel does goes through one: it names author, scope of decisions and branch. */
export interface Session {
  /** `job`, `job~2`, ...: in the order in which they were opened. */
  readonly id: string
  readonly job: Job
  readonly limits: Limits
  readonly signal: AbortSignal
  generate(request: Request, options?: { readonly signal?: AbortSignal }): Generation
  readonly tools: Tools
  readonly workspace: Workspace
  readonly terminal: Terminal
  /** Asks the user whether something may be done. Takes the user's time. */
  confirm(question: string): Promise<boolean>
  /** The same model behind the providers' protocols, without a socket. */
  readonly fetch: typeof fetch
  /** What the kernel holds, for whoever looks at the run; a function is asked only then. */
  publish(key: string, value: unknown): void
}

/** What a kernel is booted on. */
export interface Machine {
  readonly jobs: AsyncIterable<Job>
  readonly disk: Disk
  readonly clock: Clock
  readonly limits: Limits
  /** What the users have configured of permissions. Nothing but a kernel enforces it. */
  readonly policy: Policy
  /** The files that all share, as the kernel itself sees them. */
  readonly workspace: Workspace
  open(of: {
    readonly job: string
    readonly parent?: string
    readonly on?: Workspace
    /** It works on files of its own: the workspace is told of them from time to time. */
    readonly isApart?: boolean
  }): Session
  reply(job: string, text: string): void
}
