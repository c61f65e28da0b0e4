// The simulated model: a stateless reader of its context. Request in, utterance out; it knows no harness.
import type { Chance } from '../core/chance.ts'
import type { Refusal, Request, Tool, ToolCall, Usage } from '../core/message.ts'
import type { Tokens } from '../core/tokens.ts'
import type { Purpose } from '../core/trace.ts'
import type { Behaviour } from './behaviour.ts'
import { endedAnyway } from './ending.ts'
import { type Described, Forms } from './forms/form.ts'
import { keystrokes } from './forms/keystrokes.ts'
import { tagged } from './forms/tagged.ts'
import { Orders } from './injection/orders.ts'
import { Lapses } from './lapse.ts'
import type { Offers } from './offers.ts'
import { plan } from './plan.ts'
import type { Mind, Scope } from './planner.ts'
import { Progress } from './progress.ts'
import { type Change, View } from './read.ts'
import { sigma } from './recall.ts'
import { purposeOf, summarise } from './summary.ts'
import type { Thought, Utterance } from './thought.ts'

export type { Behaviour } from './behaviour.ts'
export { behaviour, lastFailed, odds } from './behaviour.ts'
export type { Dialect } from './dialect.ts'
export { dialect } from './dialect.ts'
export { orderScope } from './injection/orders.ts'
export { MODEL } from './model.ts'
export { nearest } from './names.ts'
export { Offers } from './offers.ts'
export type { Profile, Settable } from './profile.ts'
export { offOf, profileOf } from './profile.ts'
export type { Fact, Origin, Program, Step } from './program.ts'
export type { View } from './read.ts'
export type { Act, Thought, Utterance } from './thought.ts'

export interface CpuOptions extends Mind {
  readonly behaviours: ReadonlyMap<string, Behaviour>
  readonly offers: Offers
  readonly tokens: Tokens
  /** The run's counts of what was planned, by scope and step: they outlive a boot. */
  readonly planned: Map<string, number>
}

export interface Answer {
  readonly purpose: Purpose
  readonly utterance: Utterance
  readonly meant: readonly ToolCall[]
  readonly thought: Thought | undefined
  /** `session/step/occurrence`: the scope of the decisions about this turn. */
  readonly at: string
  /** What looks like a defence in the window, and has an effect that the model does not know. */
  readonly unknown: readonly string[]
}

/** What was read of a request: enough to account for it, whether it is answered or refused. */
export interface Reading {
  readonly purpose: Purpose
  readonly change: Change
  readonly usage: Omit<Usage, 'output'>
  readonly refusal: Refusal | undefined
  readonly known: Known
  /** Offered natively, or described in the window. */
  readonly tools: readonly Tool[]
}

/** What is kept of a conversation between its requests: to be quick, and to sample as before. */
interface Known {
  readonly view: View
  readonly progress: Progress
  /** What was planned for its newest request, until another one is read. */
  answered: Map<string, number> | undefined
  /** Its newest answer was lost on the way. */
  isUnheard: boolean
}

const refused = (code: string, message: string): Refusal => ({
  kind: 'refused',
  status: 400,
  code,
  message,
})

export class Cpu {
  readonly #options: CpuOptions
  readonly #lapses: Lapses
  /** How much smaller this window is than the one that the profile's lengths hold for. */
  readonly #scale: number
  readonly #orders = new Orders()
  /** By session and purpose. */
  readonly #known = new Map<string, Known>()
  readonly #forms = new Forms([tagged, keystrokes])

  constructor(options: CpuOptions) {
    this.#options = options
    this.#lapses = new Lapses(options.behaviours, options.profile)
    this.#scale = sigma(options.profile, options.windowTokens)
  }

  /** Reads a request of a session, and refuses it where a provider would, in its words. */
  read(session: string, request: Request): Reading {
    const described = this.#describedIn(request)
    const tools = described?.tools ?? request.tools ?? []
    const purpose = purposeOf(request, tools, described?.form)
    const key = `${session} ${purpose}`
    let known = this.#known.get(key)
    if (known === undefined) {
      const view = new View(this.#options.tokens)
      known = { view, progress: new Progress(), answered: undefined, isUnheard: false }
      this.#known.set(key, known)
    }
    const { view } = known
    const change = view.update(request.messages, described?.form)
    if (change.added.length > 0 || change.dropped.length > 0) known.answered = undefined
    const offered = view.isPrompted ? 0 : this.#options.offers.of(tools).tokens
    const input = view.tokens + offered
    const usage = { input, cached: change.cached === 0 ? 0 : change.cached + offered }
    return { purpose, change, usage, refusal: this.#refuse(view, input), known, tools }
  }

  /** What the window describes, where a request offers nothing natively. */
  #describedIn({ tools, messages }: Request): Described | undefined {
    return tools !== undefined && tools.length > 0 ? undefined : this.#forms.of(messages)
  }

  #refuse(view: View, input: number): Refusal | undefined {
    if (view.entries.length === 0)
      return refused('invalid_request_error', "Invalid 'messages': empty array.")
    const problem = view.problem()
    if (problem !== undefined) return refused('invalid_request_error', problem)
    const { windowTokens } = this.#options
    if (input <= windowTokens) return undefined
    return refused(
      'context_length_exceeded',
      `This model's maximum context length is ${windowTokens} tokens. However, your messages resulted in ${input} tokens. Please reduce the length of the messages.`,
    )
  }

  /**
   * What is said to a request that was read and not refused. `load` is how many other generations are
   * under way.
   */
  answer(
    session: string,
    request: Request,
    { known, purpose, tools: offered }: Reading,
    chance: Chance,
    load = 0,
  ): Answer {
    const { view, progress } = known
    const scope = this.#scope(session, known, chance)
    if (purpose === 'title') return said(purpose, 'A session of work')
    if (purpose === 'compaction') {
      const n = scope.occurrence(session, 'summary')
      const at = `${session}/summary/${n}`
      return said(
        purpose,
        summarise({ view, request, at }, this.#options, chance, this.#options.tokens),
      )
    }
    const tools = request.toolChoice === 'none' ? [] : offered
    const offer = this.#options.offers.of(tools)
    const thought = plan(view, this.#options, scope, {
      progress,
      orders: this.#orders,
      offered: offer,
    })
    const at = scope.of(thought.job)
    const { temperature = 1 } = request
    const { toolbox } = offer
    const turn = { view, thought, tools, toolbox, temperature, load, scale: this.#scale }
    const lapse = this.#lapses.of(turn, { at, say: offer.say }, chance)
    const utterance = endedAnyway(lapse.utterance, { thought, view, at }, offer)
    return {
      purpose,
      utterance: goingOn(view.form?.inText(utterance) ?? utterance, request),
      meant: lapse.meant,
      thought,
      at: `${at}/${thought.step}/${thought.occurrence}`,
      unknown: this.#orders.unknown(view),
    }
  }

  /** The answer to a request was lost on its way: the same request, sent again, gets the same, as a rule. */
  unheard({ known }: Reading): void {
    known.isUnheard = true
  }

  /** A byte-identical request may be answered with its earlier draws, by the profile's sameness. */
  #scope(session: string, known: Known, chance: Chance): Scope {
    const { planned, profile } = this.#options
    const before = known.answered
    const isSentAgain = known.isUnheard
    known.isUnheard = false
    const now = new Map<string, number>()
    known.answered = now
    return {
      chance,
      of: (job) => (job === '' || isScopeOf(session, job) ? session : `${session}+${job}`),
      occurrence: (scope, step) => {
        const key = `${scope}/${step}`
        const earlier = before?.get(key)
        const isAgain = isSentAgain && earlier !== undefined
        const isOther = isAgain && chance.flip(`${key}/${earlier}/otherwise`, 0)
        if (isAgain && !isOther) {
          now.set(key, earlier)
          return earlier
        }
        const count = (planned.get(key) ?? 0) + 1
        planned.set(key, count)
        const same =
          earlier !== undefined &&
          !isOther &&
          chance.flip(`${key}/${count}/same`, profile.sampling.sameness)
        const occurrence = same ? earlier : count
        now.set(key, occurrence)
        return occurrence
      },
    }
  }
}

/** Where the request ends in the start of an answer, only the rest of it is said: a prefilled answer. */
function goingOn(utterance: Utterance, { messages }: Request): Utterance {
  const last = messages.at(-1)
  if (last?.role !== 'assistant' || (last.calls ?? []).length > 0) return utterance
  const { content } = utterance
  return content.startsWith(last.content)
    ? { ...utterance, content: content.slice(last.content.length) }
    : utterance
}

const isScopeOf = (session: string, job: string): boolean =>
  session === job || session.startsWith(`${job}~`)

const said = (purpose: Purpose, content: string): Answer => ({
  purpose,
  utterance: { content, calls: [] },
  meant: [],
  thought: undefined,
  at: '',
  unknown: [],
})
