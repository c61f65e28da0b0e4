// Lapse: one decision a turn, over `none` and every behaviour that applies, and what then is said.
import type { Chance } from '../core/chance.ts'
import type { ToolCall } from '../core/message.ts'
import { type Behaviour, lastFailed, type Situation } from './behaviour.ts'
import type { Say } from './dialect.ts'
import type { Profile } from './profile.ts'
import type { View } from './read.ts'
import type { Thought, Utterance } from './thought.ts'

export interface Lapse {
  readonly utterance: Utterance
  /** The competent calls, as they would have been said. */
  readonly meant: readonly ToolCall[]
}

/** A thought in words: its calls bound to the tools at hand, with ids that tell the step. */
export function compose(thought: Thought, at: string, say: Say): Utterance {
  const calls: ToolCall[] = []
  for (const { op, args, step, occurrence } of thought.acts) {
    const bound = say(op, args)
    if (bound === undefined) {
      return { content: `I have no tool for this: ${op}.`, calls: [] }
    }
    const id = `${at}.${step}.${occurrence}`
    calls.push({ id, name: bound.name, args: JSON.stringify(bound.args) })
  }
  return { content: thought.says, calls }
}

/** How much likelier (odds) lapses of calls are for the failures in view. */
function provoked({ provokes }: Profile, view: View): number {
  const kept =
    provokes.kept === 1 ? 1 : Math.exp(Math.log(provokes.kept) * Math.log1p(failed(view)))
  return kept * (lastFailed(view) ? provokes.failed : 1)
}

/** Failed calls that still stand in view. */
function failed(view: View): number {
  let count = 0
  for (const { fate } of view.calls.values()) if (fate === 'error') count++
  return count
}

/** What a turn is about, before it is known how it lapses. */
export type Turn = Omit<Situation, 'params' | 'usual'>

export function lapse(
  turn: Turn,
  at: string,
  say: Say,
  mind: { readonly behaviours: ReadonlyMap<string, Behaviour>; readonly profile: Profile },
  chance: Chance,
): Lapse {
  const { thought, view } = turn
  const usual = compose(thought, at, say)
  const scope = `${at}/${thought.step}/${thought.occurrence}`
  const calls = usual.calls.length === 0 ? 0 : provoked(mind.profile, view)
  const weighted: [string, number][] = [['none', 1]]
  for (const [id, behaviour] of mind.behaviours) {
    const params = mind.profile.behaviours[id]
    const times = behaviour.of === 'call' ? calls : 1
    if (params === undefined || times === 0) continue
    const weight = behaviour.weight({ ...turn, usual, params })
    if (weight !== null) weighted.push([id, weight * times])
  }
  const label = chance.pick(`${scope}/lapse`, weighted)
  const chosen = mind.behaviours.get(label)
  const params = mind.profile.behaviours[label]
  if (chosen === undefined || params === undefined) return { utterance: usual, meant: usual.calls }
  const id = `${scope}/${label}`
  const utterance = chosen.apply(usual, { ...turn, usual, params, id, chance })
  return { utterance, meant: usual.calls }
}
