// Planner: one step in detail. What it needs has to be recalled from the window, or fetched again where
// its place is known, or searched for; the rest is by profile.
import { atom } from '../core/atoms.ts'
import type { Chance } from '../core/chance.ts'
import { lastFailed } from './behaviour.ts'
import type { Args } from './dialect.ts'
import { failures, isDone, type Since, wasSaid } from './done.ts'
import type { Offer } from './offers.ts'
import type { Profile } from './profile.ts'
import { type CallTemplate, type Fact, fill, type Program, type Step } from './program.ts'
import type { View } from './read.ts'
import { Recalling, stepFor } from './recalling.ts'
import type { Act, Thought } from './thought.ts'
import { isOfStep } from './whose.ts'

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

/** How a fact is read where it stands: as a file, where no step of the program reads it otherwise. */
function readingOf({ steps }: Program, name: string): CallTemplate {
  const hole = `{@${name}}`
  const step = steps.find(
    ({ learns, effect, call }) =>
      effect === 'read' &&
      learns?.includes(name) === true &&
      Object.values(call.args).join() === hole,
  )
  return step?.call ?? { op: 'files.read', args: { path: hole } }
}

/** What an editor says that changes no file unseen. */
const READ_FIRST = /\bread\b.{0,40}\b(?:first|before)\b|\bRead tool first\b/i

/** Where a missing fact is looked for, in this order: the step that does it, and its call. */
const SEARCHES = [
  ['recall', 'memory.search'],
  ['look-up', 'memory.look-up'],
  ['find', 'files.search'],
] as const

export interface Planning {
  readonly view: View
  readonly mind: Mind
  readonly scope: Scope
  readonly task: Since
  readonly offered: Pick<Offer, 'say'>
}

/** Plans one step: recalls what it needs, and turns aside to look for what is missing. */
export class Planner {
  readonly #known: Recalling
  readonly #places = new Map<string, string>()
  readonly #chosen: string[] = []
  readonly #at: string
  readonly view: View
  readonly mind: Mind
  readonly scope: Scope
  readonly task: Since
  readonly #say: Offer['say']

  constructor({ view, mind, scope, task, offered }: Planning) {
    this.view = view
    this.mind = mind
    this.scope = scope
    this.task = task
    this.#say = offered.say
    this.#at = scope.of(task.job)
    this.#known = new Recalling({ view, mind, scope, at: this.#at })
  }

  /** The turn for a step, with the steps that can be taken beside it. */
  thought(step: Step): Thought {
    const aside = this.#recallFor(step) ?? this.#readFirst(step)
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
      needs: this.#known.served,
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
      if (this.#known.values.has(need) || this.#places.has(need.slice(1))) continue
      const aside = need.startsWith('@')
        ? this.#needPlace(need.slice(1), step)
        : this.#needFact(need, step)
      if (aside !== undefined) return aside
    }
    return undefined
  }

  /** A file is read where the answer to its writing was that it has to be read first. */
  #readFirst(step: Step): Thought | undefined {
    if (step.call.op !== 'files.write' || !lastFailed(this.view)) return undefined
    const newest = [...this.view.calls.values()].at(-1)
    if (newest === undefined || !READ_FIRST.test(newest.result)) return undefined
    if (!isOfStep(this.view, this.task.job, step, newest)) return undefined
    const path = this.#fill(step.call.args.path ?? '')
    return this.#aside(stepFor('get', 'file'), 'files.read', { path }, 'I read it first.')
  }

  #fill(template: string): string {
    return fill(template, {
      value: (name) => (name === 'job' ? this.task.job : (this.#known.values.get(name) ?? '')),
      place: (name) => this.#places.get(name) ?? '',
    })
  }

  /** As the rule has it, if that comes to mind; after a failure, the next way. */
  #callOf(step: Step): CallTemplate {
    const { call, rule, tempted, ways } = step
    if (rule !== undefined && tempted !== undefined) {
      if (this.#known.recall({ kind: 'rule', name: rule, semantic: false })) return call
      const status = this.view.atoms.has(`rule:${rule}`) ? 'forgotten' : 'absent'
      this.#known.serve(rule, status, '')
      return tempted
    }
    if (ways === undefined) return call
    const failed = failures(this.view, this.task.job, step)
    return failed === 0 ? call : (ways[Math.min(failed, ways.length) - 1] ?? call)
  }

  #act(step: Step): Act {
    const { id } = step
    const { op, args } = this.#callOf(step)
    const filled = Object.entries(args).map(([name, template]) => [name, this.#fill(template)])
    const occurrence = this.scope.occurrence(this.#at, id)
    return { op, args: Object.fromEntries(filled), step: id, occurrence }
  }

  #needFact(name: string, step: Step): Thought | undefined {
    const fact = this.task.program.facts[name] ?? { origin: 'user' }
    const kind = fact.origin === 'own' ? 'choice' : 'fact'
    if (this.#known.recall({ kind, name, semantic: fact.semantic ?? false })) return undefined
    if (fact.innate !== undefined) return this.#known.serve(name, 'innate', fact.innate)
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

  /**
   * The first decision of a job is its competent one; one that is lost is made anew, maybe otherwise: also
   * where another session begins the job from the start.
   */
  #choose(name: string, { options = [] }: Fact): undefined {
    const times = this.scope.occurrence(this.#at, stepFor('choose', name))
    const weighted = options.map((option) => [option, 1] as const)
    const choice =
      times === 1 && this.#at.endsWith(this.task.job)
        ? (options[0] ?? '')
        : this.scope.chance.pick(this.#known.about(name, 'chooses'), weighted)
    this.#chosen.push(`I settle on ${atom('choice', name, choice)}.`)
    this.#known.serve(name, 'usable', choice)
  }

  /** A missing fact is read again where it is known to stand, as the step reads that learns it. */
  #fetch(name: string): Thought | undefined {
    const place = this.view.newest('place', name)
    const step = stepFor('get', name)
    if (place === undefined) return undefined
    const seen = this.view.newest('fact', name)
    const { op, args: holes } = readingOf(this.task.program, name)
    const at = { value: () => '', place: () => place.value }
    const args = Object.fromEntries(
      Object.entries(holes).map(([arg, hole]) => [arg, fill(hole, at)]),
    )
    if (seen === undefined && this.#wasMade(step, op, args)) return undefined
    return this.#aside(step, op, args, `I need ${name}.`)
  }

  #search(name: string, status: 'absent' | 'forgotten', step: Step): Thought | undefined {
    const { ask, invent } = this.mind.profile.missing
    const search = this.#nextSearch(name, status)
    const searched = search === undefined
    const ways = [
      ['search', searched ? 0 : 1],
      ['ask', searched ? Math.max(ask, 1e-6) : ask],
      ['invent', invent],
    ] as const
    const way = this.scope.chance.pick(this.#known.about(name, 'misses'), ways)
    if (way === 'search') {
      const [verb, op] = search ?? SEARCHES[2]
      return this.#aside(stepFor(verb, name), op, { query: name }, '')
    }
    this.#known.served.push({ fact: name, status, value: '' })
    if (way === 'invent') {
      const digits = this.scope.chance.sample(
        this.#known.about(name, 'invents'),
        (u) => Math.floor(u() * 900) + 100,
        500,
      )
      this.#places.set(name, `${name}.md`)
      return this.#known.serve(name, 'invented', String(digits))
    }
    const says = `I cannot find ${name}. Could you tell me?`
    return {
      ...still('ask', this.task.job, step.id, says),
      occurrence: this.scope.occurrence(this.#at, step.id),
      needs: this.#known.served,
    }
  }

  /**
   * Where a fact is to be looked for now: in each place once, if it is not in view. In a memory only where
   * one is offered; in files also where nothing is.
   */
  #nextSearch(name: string, status: 'absent' | 'forgotten'): (typeof SEARCHES)[number] | undefined {
    const args = { query: name }
    const offered = SEARCHES.filter(([, op]) => this.#say(op, args) !== undefined)
    const places = offered.length > 0 ? offered : SEARCHES.slice(-1)
    if (status === 'forgotten') return places[0]
    return places.find(([verb, op]) => !this.#wasMade(stepFor(verb, name), op, args))
  }

  /** Whether a turn aside was taken, and went well: by the id of its call, or by its very words. */
  #wasMade(step: string, op: string, args: Args): boolean {
    const { job, since } = this.task
    if (this.view.shows(job, step, since)) return true
    const bound = this.view.renamed.size === 0 ? undefined : this.#say(op, args)
    return bound !== undefined && wasSaid(this.view, bound, since)
  }

  #aside(step: string, op: string, args: Args, says: string): Thought {
    const occurrence = this.scope.occurrence(this.#at, step)
    const acts = [{ op, args, step, occurrence }]
    return { ...still('act', this.task.job, step, says), occurrence, acts, effect: 'read' }
  }
}
