// Lapse: one decision a turn, over `none` and every behaviour that applies, and what then is said.
import type { Chance } from '../core/chance.ts'
import type { Tool, ToolCall } from '../core/message.ts'
import type { Behaviour, Utterance } from './behaviour.ts'
import type { Say } from './dialect.ts'
import type { Thought } from './plan.ts'
import type { Profile } from './profile.ts'
import type { View } from './read.ts'

export interface Lapse {
  readonly utterance: Utterance
  /** The competent calls, as they would have been said. */
  readonly meant: readonly ToolCall[]
}

/** A thought in words: its calls bound to the tools at hand, with ids that tell the step. */
export function compose(thought: Thought, at: string, say: Say): Utterance {
  const calls: ToolCall[] = []
  for (const [i, { op, args }] of thought.calls.entries()) {
    const bound = say(op, args)
    if (bound === undefined) {
      return { content: `I have no tool for this: ${op}.`, calls: [] }
    }
    const id = `${at}.${thought.step}.${thought.occurrence}${i === 0 ? '' : `.${i + 1}`}`
    calls.push({ id, name: bound.name, args: JSON.stringify(bound.args) })
  }
  return { content: thought.says, calls }
}

export function lapse(
  view: View,
  thought: Thought,
  at: string,
  tools: readonly Tool[],
  say: Say,
  mind: { readonly behaviours: ReadonlyMap<string, Behaviour>; readonly profile: Profile },
  chance: Chance,
): Lapse {
  const usual = compose(thought, at, say)
  const scope = `${at}/${thought.step}/${thought.occurrence}`
  const weighted: [string, number][] = [['none', 1]]
  for (const [id, behaviour] of mind.behaviours) {
    const params = mind.profile.behaviours[id]
    const weight = params && behaviour.weight({ view, thought, tools, params })
    if (weight !== null && weight !== undefined) weighted.push([id, weight])
  }
  const label = chance.pick(`${scope}/lapse`, weighted)
  const chosen = mind.behaviours.get(label)
  const params = mind.profile.behaviours[label]
  if (chosen === undefined || params === undefined) return { utterance: usual, meant: usual.calls }
  const id = `${scope}/${label}`
  const utterance = chosen.apply(usual, { view, thought, tools, params, id, chance })
  return { utterance, meant: usual.calls }
}
