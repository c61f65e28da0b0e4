// A behaviour: one way in which a model lapses, with what provokes it and how it then speaks.
import type { Chance } from '../core/chance.ts'
import type { Tool, ToolCall } from '../core/message.ts'
import type { Param, Params } from '../core/param.ts'
import type { Thought } from './plan.ts'
import type { View } from './read.ts'

/** What is about to be said. */
export interface Utterance {
  readonly content: string
  readonly calls: readonly ToolCall[]
}

/** All that a model can react to: what stands in its window and what it was about to do. */
export interface Situation {
  readonly view: View
  readonly thought: Thought
  readonly tools: readonly Tool[]
  readonly params: Params
}

export interface Behaviour {
  readonly params: Readonly<Record<string, Param>>
  /** Odds against the competent course, >= 0; null where the behaviour does not apply. */
  weight(situation: Situation): number | null
  /** `id` is the scope of the behaviour's own decisions, `job/step/occurrence/<behaviour>`. */
  apply(
    utterance: Utterance,
    at: Situation & { readonly id: string; readonly chance: Chance },
  ): Utterance
}

export const behaviour = (entry: Behaviour): Behaviour => entry

/** Odds of a probability: 0 for 0, capped at a million to one. */
export const odds = (p: number): number => (p >= 1 ? 1e6 : p / (1 - p))

/** Whether the newest tool result in the window is an error: one failure makes the next likelier. */
export function lastFailed(view: View): boolean {
  const last = view.last
  if (last?.role !== 'tool' || last.callId === undefined) return false
  return view.calls.get(last.callId)?.fate === 'error'
}
