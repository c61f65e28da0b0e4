// Lapse: one decision a turn, over `none` and every behaviour that applies, and what then is said.
import type { Chance } from '../core/chance.ts'
import type { ToolCall } from '../core/message.ts'
import type { Params } from '../core/param.ts'
import type { Behaviour, Situation, Utterance } from './behaviour.ts'
import type { Say } from './dialect.ts'
import type { Thought } from './plan.ts'
import type { Profile } from './profile.ts'

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

/** A behaviour as the profile has it, and its offer of last time: a weight seldom changes. */
interface Site {
  readonly id: string
  readonly behaviour: Behaviour
  readonly params: Params
  offer: readonly [label: string, weight: number]
}

/** What a turn is about, beside what each behaviour has of its own. */
export type Turn = Omit<Situation, 'params'> & {
  /** The scope of its decisions. */
  readonly at: string
  readonly say: Say
}

const NONE = ['none', 1] as const

export class Lapses {
  readonly #sites: Site[] = []

  constructor(behaviours: ReadonlyMap<string, Behaviour>, profile: Profile) {
    for (const [id, behaviour] of behaviours) {
      const params = profile.behaviours[id]
      if (params !== undefined) this.#sites.push({ id, behaviour, params, offer: [id, 0] })
    }
  }

  /** What is said of a thought: as it was meant, or with the one lapse that is drawn. */
  of({ view, thought, tools, at, say }: Turn, chance: Chance): Lapse {
    const usual = compose(thought, at, say)
    const scope = `${at}/${thought.step}/${thought.occurrence}`
    const weighted: Site['offer'][] = [NONE]
    for (const site of this.#sites) {
      const { id, behaviour, params, offer } = site
      const weight = behaviour.weight({ view, thought, tools, params })
      if (weight === null) continue
      if (weight !== offer[1]) site.offer = [id, weight]
      weighted.push(site.offer)
    }
    const label = chance.pick(`${scope}/lapse`, weighted)
    const site = label === 'none' ? undefined : this.#sites.find(({ id }) => id === label)
    if (site === undefined) return { utterance: usual, meant: usual.calls }
    const { behaviour, params } = site
    const situation = { view, thought, tools, params, id: `${scope}/${label}`, chance }
    return { utterance: behaviour.apply(usual, situation), meant: usual.calls }
  }
}
