// Who waits for the model, and who has it: one line for the conversations of one boot. The lowest rank comes
// first, and among equals who came first.
import type { Conversation } from '../policy.ts'

/** May change while somebody waits or speaks: it is asked for whenever it counts. */
export type Rank = () => number

/** A place at the model. */
export interface Place {
  readonly rank: Rank
  /** Resolves when, from now on, somebody of a lower rank comes and waits. */
  wanted(): Promise<void>
}

interface Waiter {
  readonly speaker: Speaker
  readonly begin: (place: Place) => void
}

class Speaker implements Place {
  readonly rank: Rank
  #tell: () => void = () => {}

  constructor(rank: Rank) {
    this.rank = rank
  }

  wanted(): Promise<void> {
    return new Promise((resolve) => {
      this.#tell = resolve
    })
  }

  want(): void {
    this.#tell()
  }
}

export class Line {
  readonly #atOnce: number
  #speaking: Speaker[] = []
  #waiting: Waiter[] = []

  /** `atOnce`: so many have the model at the same time. */
  constructor(atOnce: number) {
    this.#atOnce = atOnce
  }

  /** Resolves when it is its turn; to nothing where the signal came first. */
  enter(rank: Rank, signal: AbortSignal | undefined): Promise<Place | undefined> {
    const speaker = new Speaker(rank)
    return new Promise((resolve) => {
      if (signal?.aborted === true) {
        resolve(undefined)
        return
      }
      const leave = (): void => {
        this.#waiting = this.#waiting.filter((other) => other !== waiter)
        resolve(undefined)
      }
      const begin = (place: Place): void => {
        signal?.removeEventListener('abort', leave)
        resolve(place)
      }
      const waiter = { speaker, begin }
      signal?.addEventListener('abort', leave, { once: true })
      this.#waiting.push(waiter)
      this.#next()
      for (const other of this.#speaking) if (other.rank() > rank()) other.want()
    })
  }

  leave(place: Place): void {
    this.#speaking = this.#speaking.filter((other) => other !== place)
    this.#next()
  }

  /** Whether somebody waits who would come before a newcomer of this rank. */
  isWanted(rank: number): boolean {
    return this.#waiting.some(({ speaker }) => speaker.rank() <= rank)
  }

  #next(): void {
    while (this.#speaking.length < this.#atOnce) {
      const [first, ...others] = this.#waiting
      if (first === undefined) return
      let next = first
      for (const other of others) if (other.speaker.rank() < next.speaker.rank()) next = other
      this.#waiting = this.#waiting.filter((other) => other !== next)
      this.#speaking.push(next.speaker)
      next.begin(next.speaker)
    }
  }
}

const LINE = 'scheduler.line'

/** The line of a boot. */
export function lineOf({ shared }: Conversation, atOnce: number): Line {
  const found = shared.get(LINE)
  if (found instanceof Line) return found
  const line = new Line(atOnce)
  shared.set(LINE, line)
  return line
}
