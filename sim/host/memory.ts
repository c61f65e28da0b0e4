// How much memory workers may take together, looked at from time to time. What one that was ended leaves behind
// is freed late: the next is not to blame for it.

/** Looks for which one that was ended may still take more. */
const ENDING_LOOKS = 10

export class MemoryBound {
  readonly #mostBytes: number
  readonly #growthBytes: number
  #leftBytes = 0
  #ending = 0

  /** `mostBytes` for all together; and beyond what is left of one that was ended, so much growth. */
  constructor(mostBytes: number, growthBytes: number) {
    this.#mostBytes = mostBytes
    this.#growthBytes = growthBytes
  }

  /** One look: whether it is more than may be. */
  isPassed(bytes: number): boolean {
    const isEnding = --this.#ending > 0
    this.#leftBytes = isEnding ? bytes : Math.min(this.#leftBytes, bytes)
    return !isEnding && bytes >= Math.max(this.#mostBytes, this.#leftBytes + this.#growthBytes)
  }

  /** One is ended for what it takes. */
  ended(): void {
    this.#ending = ENDING_LOOKS
  }
}
