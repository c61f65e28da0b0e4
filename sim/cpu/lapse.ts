// Lapse: one decision a turn, over `none` and every behaviour that applies, and what then is said. Where
// there is none, a second one says in which words: however often they differ, lapses stay as frequent.
import type { Chance } from '../core/chance.ts'
import type { ToolCall } from '../core/message.ts'
import type { Params } from '../core/param.ts'
import { type Behaviour, lastFailed, type Occasion, type Situation } from './behaviour.ts'
import type { Bound, Say } from './dialect.ts'
import { withHeartbeat } from './heartbeat.ts'
import type { Profile } from './profile.ts'
import type { View } from './read.ts'
import type { Thought, Utterance } from './thought.ts'
import type { Toolbox } from './toolbox.ts'

export interface Lapse {
  readonly utterance: Utterance
  /** The competent calls, as they would have been said. */
  readonly meant: readonly ToolCall[]
}

/** A thought in words: its calls bound to the tools at hand, with ids that tell the step. */
function compose(
  thought: Thought,
  { at, say }: { readonly at: string; readonly say: Say },
  toolbox: Toolbox,
): Pick<Situation, 'usual' | 'bound'> {
  const calls: ToolCall[] = []
  const all: Bound[] = []
  for (const { op, args, step, occurrence } of thought.acts) {
    const said = say(op, args)
    if (said === undefined) {
      return { usual: { content: `I have no tool for this: ${op}.`, calls: [] }, bound: [] }
    }
    const bound = withHeartbeat(said, toolbox, thought.kind === 'act')
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

type Writable<T> = { -readonly [K in keyof T]: T[K] }

type Offer = readonly [label: string, weight: number]

/** A behaviour as the profile has it, and its offer of last time: a weight seldom changes. */
interface Site {
  readonly id: string
  readonly behaviour: Behaviour
  readonly params: Params
  offer: Offer
}

/** The one behaviour that is drawn, if it is none: of all these, with what provokes them. */
function drawn(
  sites: readonly Site[],
  occasion: Writable<Occasion>,
  times: number,
  id: string,
): Site | undefined {
  const weighted: Offer[] = [NONE]
  for (const site of sites) {
    const { behaviour, params, offer } = site
    occasion.params = params
    const own = behaviour.weight(occasion)
    if (own === null) continue
    const isProvoked =
      times !== 1 && behaviour.of === 'call' && behaviour.countsFailures?.(occasion) !== true
    const weight = isProvoked ? own * times : own
    if (weight !== offer[1]) site.offer = [site.id, weight]
    weighted.push(site.offer)
  }
  if (weighted.length === 1) return undefined
  const label = occasion.chance.pick(id, weighted)
  return label === 'none' ? undefined : sites.find((site) => site.id === label)
}

const NONE: Offer = ['none', 1]
const NOTHING: Params = {}

/** The lapses of one model. */
export class Lapses {
  readonly #profile: Profile
  readonly #lapses: readonly Site[]
  readonly #lapsesWithoutCall: readonly Site[]
  readonly #words: readonly Site[]

  constructor(behaviours: ReadonlyMap<string, Behaviour>, profile: Profile) {
    this.#profile = profile
    const sites: Site[] = []
    for (const [id, behaviour] of behaviours) {
      const params = profile.behaviours[id]
      if (params !== undefined) sites.push({ id, behaviour, params, offer: [id, 0] })
    }
    this.#lapses = sites.filter(({ behaviour }) => behaviour.of !== 'words')
    this.#lapsesWithoutCall = this.#lapses.filter(({ behaviour }) => behaviour.of === 'turn')
    this.#words = sites.filter(({ behaviour }) => behaviour.of === 'words')
  }

  /** What is said of a thought: as it was meant, or with what was drawn. */
  of(turn: Turn, by: { readonly at: string; readonly say: Say }, chance: Chance): Lapse {
    const { thought, view } = turn
    const { usual, bound } = compose(thought, by, turn.toolbox)
    const scope = `${by.at}/${thought.step}/${thought.occurrence}`
    const times = provoked(this.#profile, view)
    // One object for all, of which only the parameters change, and written out: a spread costs more.
    const { tools, toolbox, temperature, load, scale } = turn
    const occasion: Writable<Occasion> = {
      view,
      thought,
      usual,
      bound,
      tools,
      toolbox,
      params: NOTHING,
      temperature,
      load,
      scale,
      id: '',
      chance,
    }
    const sites = usual.calls.length > 0 ? this.#lapses : this.#lapsesWithoutCall
    const site =
      drawn(sites, occasion, times, `${scope}/lapse`) ??
      drawn(this.#words, occasion, times, `${scope}/words`)
    if (site === undefined) return { utterance: usual, meant: usual.calls }
    const { id, params, behaviour } = site
    occasion.params = params
    occasion.id = `${scope}/${id}`
    return { utterance: behaviour.apply(usual, occasion), meant: usual.calls }
  }
}
