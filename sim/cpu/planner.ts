// Planner: one step in detail. What it needs has to be recalled from the window, or fetched again where
// its place is known; the rest is by profile.
import { atom } from '../core/atoms.ts'
import type { Chance } from '../core/chance.ts'
import type { Served } from '../core/trace.ts'
import type { Args } from './dialect.ts'
import { isDone, type Since } from './done.ts'
import type { Profile } from './profile.ts'
import { type Fact, fill, type Program, type Step } from './program.ts'
import type { View } from './read.ts'
import { older, type Sought, usable } from './recall.ts'
import type { Act, Thought } from './thought.ts'

export interface Mind {
  readonly programs: ReadonlyMap<string, Program>
  readonly profile: Profile
  readonly windowTokens: number
}

/** What belongs to one asking: the scope of its decisions, and the run's count of what was planned. */
export interface Scope {
  readonly chance: Chance
  /** The scope of decisions about a job: the session's id, as a rule. */
  of(job: string): string
  /** How often the machine has planned this step in this scope, this time included. */
  occurrence(scope: string, step: string): number
}

export const still = (kind: Thought['kind'], job: string, step: string, says: string): Thought => ({
  kind,
  job,
  step,
  occurrence: 0,
  acts: [],
  says,
  needs: [],
  effect: 'none',
})

/** A fact's name as part of a step's: the ids of decisions and calls are parted by these. */
const stepFor = (verb: 'get' | 'find' | 'know' | 'choose', fact: string): string =>
  `${verb}-${fact.replaceAll(/[./]/g, '_')}`

interface Planning {
  readonly view: View
  readonly mind: Mind
  readonly scope: Scope
  readonly task: Since
}

/** Plans one step: recalls what it needs, and turns aside to look for what is missing. */
export class Planner {
  #served: Served[] = []
  #values = new Map<string, string>()
  #places = new Map<string, string>()
  #chosen: string[] = []
  #thoughtOf = new Map<string, string>()
  readonly view: View
  readonly mind: Mind
  readonly scope: Scope
  readonly task: Since
  readonly #at: string

  constructor({ view, mind, scope, task }: Planning) {
    this.view = view
    this.mind = mind
    this.scope = scope
    this.task = task
    this.#at = scope.of(task.job)
  }

  /** The turn for a step, with the steps that can be taken beside it. */
  thought(step: Step): Thought {
    const aside = this.#recallFor(step)
    if (aside !== undefined) return aside
    const acts: Act[] = []
    const says: string[] = []
    let { effect } = step
    for (const one of this.#withBeside(step)) {
      acts.push(this.#act(one))
      if (one.says !== undefined) says.push(this.#fill(one.says))
      if (one.effect === 'once') effect = 'once'
    }
    says.push(...this.#chosen)
    return {
      kind: 'act',
      job: this.task.job,
      step: step.id,
      occurrence: acts[0]?.occurrence ?? 0,
      acts,
      says: says.filter((text) => text !== '').join(' '),
      needs: this.#served,
      effect,
    }
  }

  /** The step, and those after it that need not wait: as far as nothing has to be looked for. */
  #withBeside(step: Step): Step[] {
    const { steps } = this.task.program
    const found = [step]
    for (let i = steps.indexOf(step) + 1; steps[i]?.isBeside === true; i++) {
      const next = steps[i] as Step
      if (isDone(this.view, this.task, next)) continue
      if (this.#recallFor(next) !== undefined) break
      found.push(next)
    }
    return found
  }

  /** Recalls what a step needs; what is done first, where something is missing. */
  #recallFor(step: Step): Thought | undefined {
    for (const need of step.needs) {
      if (this.#values.has(need) || this.#places.has(need.slice(1))) continue
      const aside = need.startsWith('@')
        ? this.#needPlace(need.slice(1), step)
        : this.#needFact(need, step)
      if (aside !== undefined) return aside
    }
    return undefined
  }

  #fill(template: string): string {
    return fill(template, {
      value: (name) => (name === 'job' ? this.task.job : (this.#values.get(name) ?? '')),
      place: (name) => this.#places.get(name) ?? '',
    })
  }

  #act({ id, call: { op, args } }: Step): Act {
    const filled = Object.entries(args).map(([name, template]) => [name, this.#fill(template)])
    const occurrence = this.scope.occurrence(this.#at, id)
    return { op, args: Object.fromEntries(filled), step: id, occurrence }
  }

  /**
   * The scope of the decisions about one fact, counted by how often it was thought of. A step's own count
   * goes on only when the step is spoken of, so that a turn aside leaves what is placed there in place.
   */
  #about(fact: string, site: string): string {
    let scope = this.#thoughtOf.get(fact)
    if (scope === undefined) {
      const step = stepFor('know', fact)
      scope = `${this.#at}/${step}/${this.scope.occurrence(this.#at, step)}`
      this.#thoughtOf.set(fact, scope)
    }
    return `${scope}/${site}`
  }

  /** Serves the value if it stands in view and can be used now: the newest, or one taken for it. */
  #recall(sought: Sought): boolean {
    const { kind, name } = sought
    const found = this.view.atoms.get(`${kind}:${name}`) ?? []
    const newest = found.at(-1)
    if (newest === undefined) return false
    const { chance } = this.scope
    const p = 1 - usable(this.mind, this.view, sought)
    if (chance.flip(this.#about(name, 'forgets'), p)) return false
    const old = older(this.mind.profile, found)
    if (old !== undefined && chance.flip(this.#about(name, 'takes-older'), old.p))
      this.#serve(name, 'stale', old.value)
    else this.#serve(name, 'usable', newest.value)
    return true
  }

  #needFact(name: string, step: Step): Thought | undefined {
    const fact = this.task.program.facts[name] ?? { origin: 'user' }
    const kind = fact.origin === 'own' ? 'choice' : 'fact'
    if (this.#recall({ kind, name, semantic: fact.semantic ?? false })) return undefined
    if (fact.innate !== undefined) return this.#serve(name, 'innate', fact.innate)
    if (fact.origin === 'own') return this.#choose(name, fact)
    const status = this.view.atoms.has(`${kind}:${name}`) ? 'forgotten' : 'absent'
    return this.#fetch(name) ?? this.#search(name, status, step)
  }

  #needPlace(name: string, step: Step): Thought | undefined {
    const found = this.view.newest('place', name)
    if (found === undefined) return this.#search(name, 'absent', step)
    this.#places.set(name, found.value)
    return undefined
  }

  #serve(fact: string, status: Served['status'], value: string): undefined {
    this.#served.push({ fact, status, value })
    this.#values.set(fact, value)
  }

  /** The first decision of a job is its competent one; one that is lost is made anew, maybe otherwise. */
  #choose(name: string, { options = [] }: Fact): undefined {
    const times = this.scope.occurrence(this.#at, stepFor('choose', name))
    const weighted = options.map((option) => [option, 1] as const)
    const choice =
      times === 1
        ? (options[0] ?? '')
        : this.scope.chance.pick(this.#about(name, 'chooses'), weighted)
    this.#chosen.push(`I settle on ${atom('choice', name, choice)}.`)
    this.#serve(name, 'usable', choice)
  }

  /** A missing fact is read again where it is known to stand. */
  #fetch(name: string): Thought | undefined {
    const place = this.view.newest('place', name)
    const step = stepFor('get', name)
    if (place === undefined) return undefined
    const seen = this.view.newest('fact', name)
    if (seen === undefined && this.view.shows(this.task.job, step, this.task.since))
      return undefined
    return this.#aside(step, 'files.read', { path: place.value }, `I need ${name}.`)
  }

  #search(name: string, status: 'absent' | 'forgotten', step: Step): Thought | undefined {
    const { ask, invent } = this.mind.profile.missing
    const finding = stepFor('find', name)
    const searched = status === 'absent' && this.view.shows(this.task.job, finding, this.task.since)
    const ways = [
      ['search', searched ? 0 : 1],
      ['ask', searched ? Math.max(ask, 1e-6) : ask],
      ['invent', invent],
    ] as const
    const way = this.scope.chance.pick(this.#about(name, 'misses'), ways)
    if (way === 'search') return this.#aside(finding, 'files.search', { query: name }, '')
    this.#served.push({ fact: name, status, value: '' })
    if (way === 'invent') {
      const digits = this.scope.chance.sample(
        this.#about(name, 'invents'),
        (u) => Math.floor(u() * 900) + 100,
        500,
      )
      this.#places.set(name, `${name}.md`)
      return this.#serve(name, 'invented', String(digits))
    }
    const says = `I cannot find ${name}. Could you tell me?`
    return {
      ...still('ask', this.task.job, step.id, says),
      occurrence: this.scope.occurrence(this.#at, step.id),
      needs: this.#served,
    }
  }

  #aside(step: string, op: string, args: Args, says: string): Thought {
    const occurrence = this.scope.occurrence(this.#at, step)
    const acts = [{ op, args, step, occurrence }]
    return { ...still('act', this.task.job, step, says), occurrence, acts, effect: 'read' }
  }
}
