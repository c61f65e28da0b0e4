// Lapse: one decision a turn, over `none` and every behaviour that applies, and what then is said. Where
// there is none, a second one says in which words: however often they differ, lapses stay as frequent.
import type { Chance } from '../core/chance.ts'
import type { ToolCall } from '../core/message.ts'
import type { Params } from '../core/param.ts'
import { type Behaviour, lastFailed, type Situation } from './behaviour.ts'
import type { Bound, Say } from './dialect.ts'
import type { Profile } from './profile.ts'
import type { View } from './read.ts'
import type { Thought, Utterance } from './thought.ts'

export interface Lapse {
  readonly utterance: Utterance
  /** The competent calls, as they would have been said. */
  readonly meant: readonly ToolCall[]
}

/** A thought in words: its calls bound to the tools at hand, with ids that tell the step. */
function compose(thought: Thought, at: string, say: Say): Pick<Situation, 'usual' | 'bound'> {
  const calls: ToolCall[] = []
  const all: Bound[] = []
  for (const { op, args, step, occurrence } of thought.acts) {
    const bound = say(op, args)
    if (bound === undefined) {
      return { usual: { content: `I have no tool for this: ${op}.`, calls: [] }, bound: [] }
    }
    const id = `${at}.${step}.${occurrence}`
    calls.push({ id, name: bound.name, args: JSON.stringify(bound.args) })
    all.push(bound)
  }
  return { usual: { content: thought.says, calls }, bound: all }
}

/** How much likelier (odds) lapses of calls are for the failures in view. */
function provoked({ provokes }: Profile, view: View): number {
  if (view.failed === 0) return 1
  const kept = Math.exp(Math.log(provokes.kept) * Math.log1p(view.failed))
  return kept * (lastFailed(view) ? provokes.failed : 1)
}

/** What a turn is about, before it is known how it lapses. */
export type Turn = Omit<Situation, 'params' | 'usual' | 'bound'>

export function lapse(
  turn: Turn,
  at: string,
  say: Say,
  mind: { readonly behaviours: ReadonlyMap<string, Behaviour>; readonly profile: Profile },
  chance: Chance,
): Lapse {
  const { thought, view } = turn
  const composed = compose(thought, at, say)
  const { usual } = composed
  const isCalling = usual.calls.length > 0
  const scope = `${at}/${thought.step}/${thought.occurrence}`
  const times = provoked(mind.profile, view)
  // One object for all, of which only the parameters change: making twenty a turn is what would cost.
  const situation: Situation & { params: Params } = { ...turn, ...composed, params: {} }
  const weighted: [string, number][] = [['none', 1]]
  const words: [string, number][] = [['none', 1]]
  for (const [id, behaviour] of mind.behaviours) {
    const params = mind.profile.behaviours[id]
    const isOfCalls = behaviour.of === 'call'
    if (params === undefined || (isOfCalls && !isCalling)) continue
    situation.params = params
    const weight = behaviour.weight(situation)
    if (weight === null) continue
    if (behaviour.of === 'words') {
      words.push([id, weight])
      continue
    }
    const isProvoked = isOfCalls && times !== 1 && behaviour.countsFailures?.(situation) !== true
    weighted.push([id, isProvoked ? weight * times : weight])
  }
  const lapsed = chance.pick(`${scope}/lapse`, weighted)
  const label =
    lapsed === 'none' && words.length > 1 ? chance.pick(`${scope}/words`, words) : lapsed
  const chosen = mind.behaviours.get(label)
  const params = mind.profile.behaviours[label]
  if (chosen === undefined || params === undefined) return { utterance: usual, meant: usual.calls }
  const id = `${scope}/${label}`
  const utterance = chosen.apply(usual, { ...situation, params, id, chance })
  return { utterance, meant: usual.calls }
}
