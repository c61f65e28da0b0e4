// Standing: all that the window shows of one order: its place, its frame, the defences about it. What one
// message says is read once; the rules in view are gathered as messages come.
import type { Message } from '../../core/message.ts'
import type { View } from '../read.ts'
import {
  type Around,
  aroundOf,
  type Defence,
  defencesAt,
  joined,
  NO_RULES,
  type Rules,
  rulesIn,
} from './defences.ts'
import {
  type Frame,
  frameOf,
  isRemembered,
  type Place,
  placeOf,
  type StandingOrder,
} from './framing.ts'

export interface Standing {
  readonly place: Exclude<Place, 'trusted'>
  readonly frame: Frame
  readonly defences: readonly Defence[]
}

/** What one message shows of an order in it. */
interface Text {
  readonly place: Place
  readonly frame: Frame
  readonly around: Around
}

/** What a window says about results, as far as it is read. */
interface Gathered {
  readonly removals: number
  entries: number
  rules: Rules
  /** What looks like a defence, and is none that the model knows. */
  readonly unknown: Set<string>
}

/** Rules stand at the start of what is said of a task, or of a result: so far they are looked for; assumed. */
const OF_USER = 4000
const OF_RESULT = 600

/** Whether the task is said again after an order that came after it. */
function isRepeated({ tasks }: View, { n }: StandingOrder): boolean {
  for (let i = tasks.length - 1; i >= 0; i--) {
    const later = tasks[i]
    if (later === undefined || later.n < n) return false
    const { name, value } = later
    if (tasks.some((task) => task.n < n && task.name === name && task.value === value)) return true
  }
  return false
}

export class Standings {
  readonly #texts = new WeakMap<StandingOrder, Text>()
  readonly #rules = new WeakMap<Message, Rules>()
  readonly #gathered = new WeakMap<View, Gathered>()

  placeOf(order: StandingOrder): Place {
    return this.#textOf(order).place
  }

  /** Undefined where the user or the system says it: nothing is held against that. */
  of(view: View, order: StandingOrder): Standing | undefined {
    const { place: stands, frame, around } = this.#textOf(order)
    if (stands === 'trusted') return undefined
    const isOwn = stands === 'result' && isRemembered(view, order.entry.message)
    const place = isOwn ? 'own' : stands
    const defences: Defence[] = isRepeated(view, order) ? ['repeatPrompt'] : []
    if (place !== 'result' && place !== 'agent') return { place, frame, defences }
    const gathered = this.#gather(view)
    const head = this.#rulesOf(order.entry.message, order.chars)
    const seen = defencesAt(around, joined(gathered.rules, head))
    for (const what of [...seen.unknown, ...gathered.rules.unknown]) gathered.unknown.add(what)
    return { place, frame, defences: [...defences, ...seen.defences] }
  }

  /** What looked like a defence where orders were met, and has an effect that is not known. */
  unknown(view: View): ReadonlySet<string> {
    return this.#gathered.get(view)?.unknown ?? new Set()
  }

  #textOf(order: StandingOrder): Text {
    let text = this.#texts.get(order)
    if (text === undefined) {
      const { entry, chars } = order
      const { content } = entry.message
      text = {
        place: placeOf(order),
        frame: frameOf(content, chars),
        around: aroundOf(content, chars),
      }
      this.#texts.set(order, text)
    }
    return text
  }

  #gather(view: View): Gathered {
    let known = this.#gathered.get(view)
    if (known?.removals !== view.removals) {
      known = { removals: view.removals, entries: 0, rules: NO_RULES, unknown: new Set() }
      this.#gathered.set(view, known)
    }
    for (; known.entries < view.entries.length; known.entries++) {
      const message = view.entries[known.entries]?.message
      if (message?.role !== 'system' && message?.role !== 'user') continue
      const rules = this.#rulesOf(message, message.role === 'user' ? OF_USER : undefined)
      if (rules !== NO_RULES) known.rules = joined(known.rules, rules)
    }
    return known
  }

  /** The rules that a message says; in a result, only before the order in it. */
  #rulesOf(message: Message, chars: number | undefined): Rules {
    if (message.role === 'tool')
      return rulesIn(message.content.slice(0, Math.min(chars ?? 0, OF_RESULT)))
    let rules = this.#rules.get(message)
    if (rules === undefined) {
      const found = rulesIn(message.content.slice(0, chars))
      // A word of warning counts as a defence where the harness says it, not in what a user asks.
      rules = message.role === 'user' ? { ...found, unknown: [] } : found
      this.#rules.set(message, rules)
    }
    return rules
  }
}
