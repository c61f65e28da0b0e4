// What the model is about to do, and what it is about to say: plain data between plan, lapse and speech.
import type { ToolCall } from '../core/message.ts'
import type { Served } from '../core/trace.ts'
import type { Args } from './dialect.ts'
import type { Step } from './program.ts'

/** One abstract call of a turn, with the step that it is for and how often that was planned. */
export interface Act {
  readonly op: string
  readonly args: Args
  readonly step: string
  readonly occurrence: number
}

/** What the model is about to do, before any lapse. */
export interface Thought {
  /** `act` calls a tool; `answer` says that all is done; `ask` and `idle` end the turn without a result. */
  readonly kind: 'act' | 'answer' | 'ask' | 'idle'
  readonly job: string
  /** The step that the turn is named after: that of its first act. */
  readonly step: string
  readonly occurrence: number
  /**
   * More than one where steps can be taken beside each other. Of a thought that ends the turn: the call that
   * does it, where the window demands one.
   */
  readonly acts: readonly Act[]
  readonly says: string
  readonly needs: readonly Served[]
  readonly effect: Step['effect'] | 'none'
}

/** What is about to be said. */
export interface Utterance {
  readonly content: string
  readonly calls: readonly ToolCall[]
  /** It would go on for ever, and is cut off where it ends here at the latest. */
  readonly isEndless?: boolean
}
