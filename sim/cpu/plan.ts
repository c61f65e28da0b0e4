// Plan: the next step of the newest task in view that the view does not show as done. What a step needs
// has to be recalled from the window, or fetched again where its place is known; the rest is by profile.
import { atom } from '../core/atoms.ts'
import type { Chance } from '../core/chance.ts'
import type { Served } from '../core/trace.ts'
import type { Args } from './dialect.ts'
import { isDone, type Since } from './done.ts'
import type { Profile } from './profile.ts'
import { type Fact, fill, type Program, type Step } from './program.ts'
import type { Occurrence, View } from './read.ts'
import { usable } from './recall.ts'

/** What the model is about to do, before any lapse. */
export interface Thought {
  /** `act` calls a tool; `answer` says that all is done; `ask` and `idle` end the turn without a result. */
  readonly kind: 'act' | 'answer' | 'ask' | 'idle'
  readonly job: string
  readonly step: string
  readonly occurrence: number
  readonly calls: readonly { readonly op: string; readonly args: Args }[]
  readonly says: string
  readonly needs: readonly Served[]
  readonly effect: Step['effect'] | 'none'
}

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

interface Task extends Since {
  /** Its own among the atoms of the window: one message can hold several tasks. */
  readonly n: number
}

/** The task at a place among those in view, if it belongs to a known program. */
function taskAt(view: View, place: number, programs: Mind['programs']): Task | undefined {
  const found = view.tasks[place]
  const program = found && programs.get(found.name)
  if (found === undefined || program === undefined) return undefined
  return { program, job: found.value, since: found.entry.seq, n: found.n }
}

/** The first step that is not done; looked for from where it was found last. */
function nextStep(view: View, task: Task, known: Known): Step | undefined {
  const { steps } = task.program
  let i = known.steps.get(task.n) ?? 0
  for (let step = steps[i]; step !== undefined && isDone(view, task, step); step = steps[i]) i++
  known.steps.set(task.n, i)
  return steps[i]
}

/** The newest task that is not done, and its next step; else the newest task of all. */
export function currentTask(
  view: View,
  programs: Mind['programs'],
  progress: Progress,
): { task: Task; step: Step | undefined } | undefined {
  const known = progress.of(view)
  let newest: Task | undefined
  for (let i = view.tasks.length - 1; i >= 0; i--) {
    if (newest !== undefined && i < known.tasks) break
    const task = taskAt(view, i, programs)
    if (task === undefined) continue
    newest ??= task
    const step = nextStep(view, task, known)
    if (step !== undefined) return { task, step }
  }
  known.tasks = view.tasks.length
  return newest && { task: newest, step: undefined }
}

interface Known {
  readonly removals: number
  /** The oldest tasks of the view that are all done: so many. */
  tasks: number
  /** By the task's own place: how many of its steps are done, from the first. */
  readonly steps: Map<number, number>
}

/** Of one view: what was seen done stays done until something leaves it, and a long chat is not read again. */
export class Progress {
  #known: Known | undefined

  of(view: View): Known {
    if (this.#known?.removals === view.removals) return this.#known
    this.#known = { removals: view.removals, tasks: 0, steps: new Map() }
    return this.#known
  }
}

export function plan(view: View, mind: Mind, scope: Scope, progress: Progress): Thought {
  const current = currentTask(view, mind.programs, progress)
  if (current === undefined) {
    const says = 'I do not see a task here. What would you like me to do?'
    return {
      ...still('idle', '', 'none', says),
      occurrence: scope.occurrence(scope.of(''), 'none'),
    }
  }
  const { task, step } = current
  const { job, program } = task
  const at = scope.of(job)
  if (step === undefined) {
    const known = {
      value: (name: string) => view.newest('fact', name)?.value ?? '',
      place: () => '',
    }
    const says = fill(program.answer, {
      ...known,
      value: (n) => (n === 'job' ? job : known.value(n)),
    })
    return { ...still('answer', job, 'answer', says), occurrence: scope.occurrence(at, 'answer') }
  }
  return new Planner(view, mind, scope, task, step).thought()
}

const still = (kind: Thought['kind'], job: string, step: string, says: string): Thought => ({
  kind,
  job,
  step,
  occurrence: 0,
  calls: [],
  says,
  needs: [],
  effect: 'none',
})

/** Plans one step: recalls what it needs, and turns aside to look for what is missing. */
class Planner {
  #served: Served[] = []
  #values = new Map<string, string>()
  #places = new Map<string, string>()
  #chosen: string[] = []
  #thoughtOf = new Map<string, string>()
  readonly view: View
  readonly mind: Mind
  readonly scope: Scope
  readonly task: Task
  readonly step: Step
  readonly #at: string

  constructor(view: View, mind: Mind, scope: Scope, task: Task, step: Step) {
    this.view = view
    this.mind = mind
    this.scope = scope
    this.task = task
    this.step = step
    this.#at = scope.of(task.job)
  }

  thought(): Thought {
    for (const need of this.step.needs) {
      const aside = need.startsWith('@') ? this.#needPlace(need.slice(1)) : this.#needFact(need)
      if (aside !== undefined) return aside
    }
    const known = {
      value: (name: string) => (name === 'job' ? this.task.job : (this.#values.get(name) ?? '')),
      place: (name: string) => this.#places.get(name) ?? '',
    }
    const { op, args: templates } = this.step.call
    const args: Record<string, string> = {}
    for (const name of Object.keys(templates)) args[name] = fill(templates[name] ?? '', known)
    const says = [fill(this.step.says ?? '', known), ...this.#chosen].filter((s) => s !== '')
    return {
      ...still('act', this.task.job, this.step.id, says.join(' ')),
      occurrence: this.scope.occurrence(this.#at, this.step.id),
      calls: [{ op, args }],
      needs: this.#served,
      effect: this.step.effect,
    }
  }

  /**
   * The scope of the decisions about one fact, counted by how often it was thought of. A step's own count
   * goes on only when the step is spoken of, so that a turn aside leaves what is placed there in place.
   */
  #about(fact: string, site: string): string {
    let scope = this.#thoughtOf.get(fact)
    if (scope === undefined) {
      scope = `${this.#at}/know-${fact}/${this.scope.occurrence(this.#at, `know-${fact}`)}`
      this.#thoughtOf.set(fact, scope)
    }
    return `${scope}/${site}`
  }

  /** The value if it stands in view and can be used now. */
  #recall(found: readonly Occurrence[], name: string, semantic: boolean): string | undefined {
    const newest = found.at(-1)
    if (newest === undefined) return undefined
    const { profile, windowTokens } = this.mind
    const p = 1 - usable(profile, this.view, found, semantic, windowTokens)
    return this.scope.chance.flip(this.#about(name, 'forgets'), p) ? undefined : newest.value
  }

  #needFact(name: string): Thought | undefined {
    const fact = this.task.program.facts[name] ?? { origin: 'user' }
    const kind = fact.origin === 'own' ? 'choice' : 'fact'
    const found = this.view.atoms.get(`${kind}:${name}`) ?? []
    const value = this.#recall(found, name, fact.semantic ?? false) ?? fact.innate
    if (value !== undefined) return this.#serve(name, 'usable', value)
    if (fact.origin === 'own') return this.#choose(name, fact)
    const status = found.length === 0 ? 'absent' : 'forgotten'
    return this.#fetch(name) ?? this.#search(name, status)
  }

  #needPlace(name: string): Thought | undefined {
    const found = this.view.newest('place', name)
    if (found === undefined) return this.#search(name, 'absent')
    this.#places.set(name, found.value)
    return undefined
  }

  #serve(fact: string, status: Served['status'], value: string): undefined {
    this.#served.push({ fact, status, value })
    this.#values.set(fact, value)
  }

  /** The first decision of a job is its competent one; one that is lost is made anew, maybe otherwise. */
  #choose(name: string, { options = [] }: Fact): undefined {
    const times = this.scope.occurrence(this.#at, `choose-${name}`)
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
    const step = `get-${name}`
    if (place === undefined) return undefined
    const seen = this.view.newest('fact', name)
    if (seen === undefined && this.view.shows(this.task.job, step, this.task.since))
      return undefined
    return this.#aside(step, 'files.read', { path: place.value }, `I need ${name}.`)
  }

  #search(name: string, status: 'absent' | 'forgotten'): Thought | undefined {
    const { ask, invent } = this.mind.profile.missing
    const searched =
      status === 'absent' && this.view.shows(this.task.job, `find-${name}`, this.task.since)
    const ways = [
      ['search', searched ? 0 : 1],
      ['ask', searched ? Math.max(ask, 1e-6) : ask],
      ['invent', invent],
    ] as const
    const way = this.scope.chance.pick(this.#about(name, 'misses'), ways)
    if (way === 'search') return this.#aside(`find-${name}`, 'files.search', { query: name }, '')
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
      ...still('ask', this.task.job, this.step.id, says),
      occurrence: this.scope.occurrence(this.#at, this.step.id),
      needs: this.#served,
    }
  }

  #aside(step: string, op: string, args: Args, says: string): Thought {
    return {
      ...still('act', this.task.job, step, says),
      occurrence: this.scope.occurrence(this.#at, step),
      calls: [{ op, args }],
      effect: 'read',
    }
  }
}
