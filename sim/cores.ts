// The model's cores: how many generations run at once. Others wait, first come first served.

export class Cores {
  readonly #count: number
  #busy = 0
  #waiting: (() => void)[] = []

  constructor(count: number) {
    this.#count = count
  }

  acquire(start: () => void): void {
    if (this.#busy >= this.#count) {
      this.#waiting.push(start)
      return
    }
    this.#busy++
    start()
  }

  release(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#busy = Math.max(0, this.#busy - 1)
    else next()
  }

  reset(): void {
    this.#busy = 0
    this.#waiting = []
  }
}
