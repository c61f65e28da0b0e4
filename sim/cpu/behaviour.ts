// A behaviour: one way in which a model lapses, with what provokes it and how it then speaks.
import type { Chance } from '../core/chance.ts'
import type { Tool } from '../core/message.ts'
import type { Param, Params } from '../core/param.ts'
import type { Bound } from './dialect.ts'
import type { View } from './read.ts'
import type { Thought, Utterance } from './thought.ts'
import type { Toolbox } from './toolbox.ts'

/** All that a model can react to: what stands in its window and what it was about to do. */
export interface Situation {
  readonly view: View
  readonly thought: Thought
  /** What would be said without a lapse. */
  readonly usual: Utterance
  /** The calls of `usual`, one by one, with their arguments unspoken. */
  readonly bound: readonly Bound[]
  readonly tools: readonly Tool[]
  /** What is known of the tools. */
  readonly toolbox: Toolbox
  readonly params: Params
  /** As the request asks for it; 1 where it does not say. */
  readonly temperature: number
  /** Other generations under way at this moment. */
  readonly load: number
  /** How much smaller this window is than the one for which the profile's lengths hold, in (0, 1]. */
  readonly scale: number
}

/** A situation with the scope of the behaviour's own decisions, `job/step/occurrence/<behaviour>`. */
export interface Occasion extends Situation {
  readonly id: string
  readonly chance: Chance
}

export interface Behaviour {
  /**
   * `call`: how a call is spoken, so it needs one. `turn`: what is done in its stead, or beside it. `words`:
   * how the same is worded; asked where nothing lapsed.
   */
  readonly of: 'call' | 'turn' | 'words'
  readonly params: Readonly<Record<string, Param>>
  /** Odds against the competent course, >= 0; null where the behaviour does not apply. */
  weight(situation: Situation): number | null
  /** Whether the weight has the failures in view in it; else they multiply that of a lapse of calls. */
  countsFailures?(situation: Situation): boolean
  /** What is said instead. A call that is made up gets an id that no step has: `scope.<word>.<occurrence>`. */
  apply(utterance: Utterance, at: Occasion): Utterance
}

export const behaviour = (entry: Behaviour): Behaviour => entry

/** Odds of a probability: 0 for 0, capped at a million to one. */
export const odds = (p: number): number => (p >= 1 ? 1e6 : p / (1 - p))

/** Whether a call of the model's last turn came to an error: one failure makes the next likelier. */
export const lastFailed = (view: View): boolean =>
  view.failed > 0 && view.lately().some(({ fate }) => fate === 'error')
