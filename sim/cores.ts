// The model's cores: how many generations run at once. Others wait, first come first served.

export class Cores {
  readonly #count: number
  #busy = 0
  #waiting: (() => void)[] = []

  constructor(count: number) {
    this.#count = count
  }

  /** How many generations are under way. */
  get busy(): number {
    return this.#busy
  }

  /** How many wait for a core. */
  get waiting(): number {
    return this.#waiting.length
  }

  /** Starts at once, or when a core is free. What is returned gives the core back, or the place. */
  acquire(start: () => void): () => void {
    let isRunning = false
    let isGivenBack = false
    const begin = (): void => {
      isRunning = true
      start()
    }
    if (this.#busy >= this.#count) this.#waiting.push(begin)
    else {
      this.#busy++
      begin()
    }
    return () => {
      if (isGivenBack) return
      isGivenBack = true
      if (isRunning) this.#release()
      else this.#waiting = this.#waiting.filter((other) => other !== begin)
    }
  }

  #release(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#busy--
    else next()
  }

  reset(): void {
    this.#busy = 0
    this.#waiting = []
  }
}
