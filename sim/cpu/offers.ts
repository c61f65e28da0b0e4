// Offers: what a model makes of the tools that a request offers. All of it follows from the list alone, so
// it is worked out once, and kept from run to run.
import { isSameOffer, type Tool } from '../core/message.ts'
import type { Tokens } from '../core/tokens.ts'
import { type Dialect, type Say, speaker } from './dialect.ts'
import { type Described, describedBy } from './injection/described.ts'
import { Toolbox } from './toolbox.ts'

/** The tools of a request as the model takes them. */
export interface Offer {
  readonly tools: readonly Tool[]
  readonly say: Say
  readonly toolbox: Toolbox
  /** Of the tools as JSON. */
  readonly tokens: number
  /** Orders in what the tools say of themselves. */
  readonly orders: readonly Described[]
}

/** So many are remembered: a run has one or two, and the next run the same. */
const ROOM = 8

export class Offers {
  readonly #dialects: readonly Dialect[]
  readonly #tokens: Tokens
  /** Newest first. */
  readonly #known: Offer[] = []

  constructor(dialects: readonly Dialect[], tokens: Tokens) {
    this.#dialects = dialects
    this.#tokens = tokens
  }

  /** A list is the kernel's own, and may change: an offer holds for the tools that it was made of. */
  of(tools: readonly Tool[]): Offer {
    const known = this.#known
    for (const offer of known) if (isSameOffer(offer.tools, tools)) return offer
    const own = [...tools]
    // Annotations are for clients: no provider passes them on.
    const sent = own.map(({ annotations: _, ...tool }) => tool)
    const offer = {
      tools: own,
      say: speaker(this.#dialects, own),
      toolbox: new Toolbox(own),
      tokens: sent.length === 0 ? 0 : this.#tokens.count(JSON.stringify(sent)),
      orders: sent.flatMap(describedBy),
    }
    known.unshift(offer)
    known.length = Math.min(known.length, ROOM)
    return offer
  }
}
