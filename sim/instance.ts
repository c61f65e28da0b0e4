// One drawn case of a scenario, as plain data: all that a run starts from, and the first event of its trace.
import type { Decision } from './core/chance.ts'
import type { Origin, Program } from './cpu/program.ts'
import type { WorldData } from './world/index.ts'

export interface JobData {
  readonly id: string
  readonly prompt: string
  /** Higher is more urgent; 0 where nothing is said. */
  readonly priority?: number
  /** Virtual milliseconds after the start. */
  readonly arrivesMs: number
  /** Virtual milliseconds after the start by which it has to be answered. */
  readonly deadlineMs?: number
  /** When the user takes it back, if nobody has answered by then. */
  readonly withdrawnMs?: number
}

export interface UserData {
  readonly id: string
  readonly jobs: readonly JobData[]
  /** Says no where a question has one of these words, unless it is overlooked. */
  readonly forbids?: readonly string[]
}

/**
 * What the users have configured of permissions, as rules `Tool(pattern)` or `Tool`: `Read`, `Edit` and `Bash`
 * stand for all tools of that kind, other words for the tools of that name; `*` in a pattern for any characters.
 */
export interface Policy {
  readonly deny: readonly string[]
  /** Nothing of this kind happens without a yes of the user's. */
  readonly ask: readonly string[]
}

export const NO_POLICY: Policy = { deny: [], ask: [] }

/** Tokens, input and output of all answers, over the whole run: a job's, a user's, everyone's. */
export interface Budget {
  readonly jobTokens?: number
  readonly userTokens?: number
  readonly allTokens?: number
}

/** A decision that is forced, so that every harness is exposed alike. */
export interface Placed {
  readonly id: string
  readonly value: Decision['value']
}

/** The true value of a fact; once all can see that a file was written, the next one. */
export interface Truth {
  readonly origin: Origin
  readonly values: readonly { readonly value: string; readonly afterWriteOf?: string }[]
}

/** The world's own move: when all can first see that a file was written, another one changes. */
export interface Reaction {
  readonly onWriteOf: string
  readonly path: string
  readonly text: string
}

export interface Instance {
  readonly scenario: string
  readonly params: Readonly<Record<string, number>>
  readonly world: WorldData
  readonly reactions: readonly Reaction[]
  readonly users: readonly UserData[]
  readonly programs: readonly Program[]
  readonly hazards: readonly Placed[]
  readonly truths: Readonly<Record<string, Truth>>
  readonly windowTokens: number
  /** What is permitted; all, where nothing is said. */
  readonly policy?: Policy
  /** What may be used; no bound, where nothing is said. */
  readonly budget?: Budget
  /** Generations at once; 8 where nothing is said. */
  readonly cores?: number
  /** How hard this case is for any model, in standard deviations: moves the logits of all lapses. */
  readonly difficulty: number
  /** Requests a job during which lapses fire; success is judged there. */
  readonly troubleTurns: number
}
