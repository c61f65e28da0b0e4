// The simulated model: a stateless reader of its context. Request in, utterance out; it knows no harness.
import type { Chance } from '../core/chance.ts'
import {
  isSameOffer,
  type Refusal,
  type Request,
  type Tool,
  type ToolCall,
  type Usage,
} from '../core/message.ts'
import type { Tokens } from '../core/tokens.ts'
import type { Purpose } from '../core/trace.ts'
import type { Behaviour } from './behaviour.ts'
import { type Dialect, type Say, speaker } from './dialect.ts'
import { lapse } from './lapse.ts'
import { Progress, plan } from './plan.ts'
import type { Mind, Scope } from './planner.ts'
import { type Change, View } from './read.ts'
import { sigma } from './recall.ts'
import { purposeOf, summarise } from './summary.ts'
import type { Thought, Utterance } from './thought.ts'

export type { Behaviour } from './behaviour.ts'
export { behaviour, lastFailed, odds } from './behaviour.ts'
export type { Dialect } from './dialect.ts'
export { dialect } from './dialect.ts'
export { MODEL } from './model.ts'
export type { Profile, Settable } from './profile.ts'
export { nearest, offOf, profileOf } from './profile.ts'
export type { Fact, Origin, Program, Step } from './program.ts'
export type { View } from './read.ts'
export type { Act, Thought, Utterance } from './thought.ts'

export interface CpuOptions extends Mind {
  readonly behaviours: ReadonlyMap<string, Behaviour>
  readonly dialects: readonly Dialect[]
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
}

/** What was read of a request: enough to account for it, whether it is answered or refused. */
export interface Reading {
  readonly purpose: Purpose
  readonly change: Change
  readonly usage: Omit<Usage, 'output'>
  readonly refusal: Refusal | undefined
  readonly view: View
}

/** The tools of a request as the model takes them. */
interface Offer {
  readonly tools: readonly Tool[]
  readonly say: Say
  readonly tokens: number
}

const refused = (code: string, message: string): Refusal => ({
  kind: 'refused',
  status: 400,
  code,
  message,
})

export class Cpu {
  readonly #options: CpuOptions
  readonly #views = new Map<string, View>()
  readonly #progress = new Progress()
  readonly #offers = new WeakMap<readonly Tool[], Offer>()
  #newest: Offer | undefined
  /** What was planned for the newest request of a view, until another one is read. */
  readonly #answered = new WeakMap<View, Map<string, number>>()

  constructor(options: CpuOptions) {
    this.#options = options
  }

  /** Reads a request of a session, and refuses it where a provider would, in its words. */
  read(session: string, request: Request): Reading {
    const purpose = purposeOf(request)
    const key = `${session} ${purpose}`
    let view = this.#views.get(key)
    if (view === undefined) {
      view = new View(this.#options.tokens)
      this.#views.set(key, view)
    }
    const change = view.update(request.messages)
    if (change.added.length > 0 || change.dropped.length > 0) this.#answered.delete(view)
    const offered = this.#offer(request.tools ?? []).tokens
    const input = view.tokens + offered
    const usage = { input, cached: change.cached === 0 ? 0 : change.cached + offered }
    return { purpose, change, usage, refusal: this.#refuse(view, input), view }
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
    { view, purpose }: Reading,
    chance: Chance,
    load = 0,
  ): Answer {
    const scope = this.#scope(session, view, chance)
    if (purpose === 'title') return said(purpose, 'A session of work')
    if (purpose === 'compaction') {
      const n = scope.occurrence(session, 'summary')
      const at = `${session}/summary/${n}`
      return said(purpose, summarise(view, request, this.#options, scope, at, this.#options.tokens))
    }
    const thought = plan(view, this.#options, scope, this.#progress)
    const tools = request.toolChoice === 'none' ? [] : (request.tools ?? [])
    const { say } = this.#offer(tools)
    const at = scope.of(thought.job)
    const { temperature = 1 } = request
    const scale = sigma(this.#options.profile, this.#options.windowTokens)
    const turn = { view, thought, tools, temperature, load, scale }
    const { utterance, meant } = lapse(turn, at, say, this.#options, chance)
    return { purpose, utterance, meant, thought, at: `${at}/${thought.step}/${thought.occurrence}` }
  }

  /** A byte-identical request may be answered with its earlier draws, by the profile's sameness. */
  #scope(session: string, view: View, chance: Chance): Scope {
    const { planned, profile } = this.#options
    const before = this.#answered.get(view)
    const now = new Map<string, number>()
    this.#answered.set(view, now)
    return {
      chance,
      of: (job) => (job === '' || isScopeOf(session, job) ? session : `${session}+${job}`),
      occurrence: (scope, step) => {
        const key = `${scope}/${step}`
        const count = (planned.get(key) ?? 0) + 1
        planned.set(key, count)
        const earlier = before?.get(key)
        const same =
          earlier !== undefined && chance.flip(`${key}/${count}/same`, profile.sampling.sameness)
        const occurrence = same ? earlier : count
        now.set(key, occurrence)
        return occurrence
      },
    }
  }

  /** A list is the kernel's own, and may change: an offer holds for the tools that it was made of. */
  #offer(tools: readonly Tool[]): Offer {
    let offer = this.#offers.get(tools) ?? this.#newest
    if (offer === undefined || !isSameOffer(offer.tools, tools)) {
      const { dialects, tokens } = this.#options
      const own = [...tools]
      offer = {
        tools: own,
        say: speaker(dialects, own),
        tokens: tokens.offered(own),
      }
      this.#offers.set(tools, offer)
      this.#newest = offer
    }
    return offer
  }
}

const isScopeOf = (session: string, job: string): boolean =>
  session === job || session.startsWith(`${job}~`)

const said = (purpose: Purpose, content: string): Answer => ({
  purpose,
  utterance: { content, calls: [] },
  meant: [],
  thought: undefined,
  at: '',
})
