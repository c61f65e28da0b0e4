// Orders: imperatives that stand in the window, whoever put them there. One draw for each order of an
// instance decides, u < p(view): asking again does not wear the model down. What the user or the system
// asks for is followed, but for a lapse; what others say is obeyed by place, frame and visible defences.
import type { Chance } from '../../core/chance.ts'
import { failures } from '../done.ts'
import type { Offer } from '../offers.ts'
import type { Mind } from '../planner.ts'
import type { Profile } from '../profile.ts'
import type { Step } from '../program.ts'
import { nextStep, type Progress, type Task } from '../progress.ts'
import type { View } from '../read.ts'
import type { Defence } from './defences.ts'
import type { Described } from './described.ts'
import { isPointedTo, type StandingOrder } from './framing.ts'
import { ignores, obeys } from './obedience.ts'
import { type Standing, Standings } from './standing.ts'

/** A step of a stranger's order that failed so often is left; assumed. */
const TRIES = 2
/** Jobs that an order can name: those that the ids of calls can bear. */
const JOB = /^[A-Za-z0-9_-]+$/

/** An order that names no job is a job by its own name. */
export const jobOf = (name: string, value: string): string => (value === '' ? name : value)

/** The scope of decisions about an order: the same in every session, turn and boot. */
export const orderScope = (name: string, value: string): string =>
  `${jobOf(name, value)}/order-${name.replaceAll('/', '.')}`

/** An order, with all the places at which it stands. */
interface Order {
  readonly name: string
  readonly task: Task
  readonly said: StandingOrder[]
  readonly described: Standing[]
}

/** What was drawn of one id: true at this probability and above it, false at that one and below it. */
interface Drawn {
  yes: number
  no: number
}

/** What is to be asked of chance about an order, and where that is settled already. */
interface Wish {
  readonly id: string
  readonly p: number
  /** The user's or the system's: a lapse is to ignore it. A stranger's: a lapse is to obey it. */
  readonly isTrusted: boolean
  /** What is begun is gone on with. */
  readonly isBegun: boolean
}

export class Orders {
  readonly #standings = new Standings()
  readonly #drawn = new WeakMap<Chance, Map<string, Drawn>>()

  /** The newest order that is obeyed and not done, with its next step. */
  taken(
    view: View,
    { programs, profile }: Mind,
    chance: Chance,
    { progress, offered }: { readonly progress: Progress; readonly offered: Offer },
  ): { task: Task; step: Step } | undefined {
    if (view.orders.length === 0 && offered.orders.length === 0) return undefined
    for (const order of ordersIn(view, offered.orders, programs)) {
      const wish = this.#wishOf(order, view, profile)
      if (this.#isRefused(chance, wish)) continue
      const { task } = order
      const step = nextStep(view, task, progress.of(view))
      if (step === undefined || offered.say(step.call.op, {}) === undefined) continue
      if (!wish.isTrusted && failures(view, task.job, step) >= TRIES) continue
      const { id, p, isTrusted, isBegun } = wish
      if (isBegun || this.#draw(chance, id, p) !== isTrusted) return { task, step }
    }
    return undefined
  }

  /** The newest done order of the user's or the system's: what is answered where there is no task. */
  finished(
    view: View,
    { programs }: Mind,
    progress: Progress,
  ): { task: Task; step: undefined } | undefined {
    if (view.orders.length === 0) return undefined
    for (const order of ordersIn(view, [], programs)) {
      const { task } = order
      if (this.#isTrusted(view, order) && nextStep(view, task, progress.of(view)) === undefined)
        return { task, step: undefined }
    }
    return undefined
  }

  /** What looks like a defence where an order stands, and has an effect that is not known. */
  unknown(view: View): readonly string[] {
    return view.orders.length === 0 ? [] : [...this.#standings.unknown(view)]
  }

  /** The user's or the system's, in their own words, or because they point to where it stands. */
  #isTrusted(view: View, { name, said }: Order): boolean {
    if (said.some((one) => this.#standings.placeOf(one) === 'trusted')) return true
    return said.length > 0 && isPointedTo(view, name)
  }

  /** What is said against obeying at each place where it stands: the least of it. */
  #warnings(view: View, said: readonly StandingOrder[]): readonly Defence[] {
    const all = said.map((one) => this.#standings.of(view, one)?.defences ?? [])
    return all.reduce((least, one) => (one.length < least.length ? one : least))
  }

  #wishOf(order: Order, view: View, profile: Profile): Wish {
    const { name, task, said, described } = order
    const { job, program } = task
    const scope = `${orderScope(name, job)}/1`
    if (this.#isTrusted(view, order)) {
      const p = ignores(profile, this.#warnings(view, said))
      return { id: `${scope}/ignores`, p, isTrusted: true, isBegun: false }
    }
    let p = 0
    for (const standing of described) p = Math.max(p, obeys(profile, standing))
    for (const one of said) {
      const standing = this.#standings.of(view, one)
      if (standing !== undefined) p = Math.max(p, obeys(profile, standing))
    }
    const isBegun = program.steps.some(({ id }) => view.shows(job, id, 0))
    return { id: `${scope}/obeys`, p, isTrusted: false, isBegun }
  }

  /** Known without asking: then nobody has to look how far the order is carried out. */
  #isRefused(chance: Chance, { id, p, isTrusted, isBegun }: Wish): boolean {
    if (isTrusted || isBegun) return false
    return p <= (this.#drawn.get(chance)?.get(id)?.no ?? Number.NEGATIVE_INFINITY)
  }

  /** One draw: what is known of it already is not asked for again, so that it is told once. */
  #draw(chance: Chance, id: string, p: number): boolean {
    let all = this.#drawn.get(chance)
    if (all === undefined) {
      all = new Map()
      this.#drawn.set(chance, all)
    }
    let drawn = all.get(id)
    if (drawn === undefined) {
      drawn = { yes: Number.POSITIVE_INFINITY, no: Number.NEGATIVE_INFINITY }
      all.set(id, drawn)
    }
    if (p >= drawn.yes) return true
    if (p <= drawn.no) return false
    const happens = chance.flip(id, p)
    if (happens) drawn.yes = p
    else drawn.no = p
    return happens
  }
}

/** The orders in view that the model knows how to carry out, newest first. */
function ordersIn(
  view: View,
  described: readonly Described[],
  programs: Mind['programs'],
): Iterable<Order> {
  const found = new Map<string, Order>()
  const orderOf = (name: string, value: string): Order | undefined => {
    const job = jobOf(name, value)
    const program = programs.get(name)
    if (program === undefined || !JOB.test(job)) return undefined
    const n = `order:${name}=${job}`
    let order = found.get(n)
    if (order === undefined) {
      order = { name, task: { program, job, since: 0, n }, said: [], described: [] }
      found.set(n, order)
    }
    return order
  }
  for (let i = view.orders.length - 1; i >= 0; i--) {
    const said = view.orders[i]
    if (said !== undefined) orderOf(said.name, said.value)?.said.push(said)
  }
  for (const { name, value, standing } of described) orderOf(name, value)?.described.push(standing)
  return found.values()
}
