// The disk of a run: outlives a crash. A write in flight at a crash is lost, torn or whole, by decision.

import type { Boot } from './boot.ts'
import type { Disk } from './index.ts'
import type { Simulation } from './machine.ts'

/** Virtual milliseconds of a write; assumed. */
const WRITE_MS = 1

const never = <T>(): Promise<T> => new Promise<T>(() => {})

export class RunDisk implements Disk {
  readonly #sim: Simulation
  readonly #boot: Boot

  constructor(sim: Simulation, boot: Boot) {
    this.#sim = sim
    this.#boot = boot
  }

  read(path: string): Promise<string | undefined> {
    return this.#boot.revoked ? never() : Promise.resolve(this.#sim.disk.get(path))
  }

  list(): Promise<readonly string[]> {
    return this.#boot.revoked ? never() : Promise.resolve([...this.#sim.disk.keys()].sort())
  }

  write(path: string, text: string): Promise<void> {
    return this.#put(path, () => '', text)
  }

  append(path: string, text: string): Promise<void> {
    return this.#put(path, () => this.#sim.disk.get(path) ?? '', text)
  }

  create(path: string, text: string): Promise<boolean> {
    const { disk } = this.#sim
    return this.#later(() => {
      const isNew = !disk.has(path)
      if (isNew) disk.set(path, text)
      return isNew
    })
  }

  remove(path: string): Promise<void> {
    return this.#later(() => void this.#sim.disk.delete(path))
  }

  /** Done at once when its event fires; at a crash it was done, or not. */
  #later<T>(act: () => T): Promise<T> {
    const sim = this.#sim
    if (this.#boot.revoked) return never()
    const key = `${this.#boot.scope}/write#${sim.operation(this.#boot.scope, 'write')}`
    return new Promise((resolve) => {
      sim.schedule(this.#boot, key, WRITE_MS, () => resolve(act()), act)
    })
  }

  #put(path: string, before: () => string, text: string): Promise<void> {
    const sim = this.#sim
    if (this.#boot.revoked) return never()
    const key = `${this.#boot.scope}/write#${sim.operation(this.#boot.scope, 'write')}`
    const put = (written: string): void => void sim.disk.set(path, before() + written)
    return new Promise((resolve) => {
      sim.schedule(
        this.#boot,
        key,
        WRITE_MS,
        () => {
          put(text)
          resolve()
        },
        () => put(sim.chance.flip(`${key}/torn`, 0.5) ? text.slice(0, text.length >> 1) : text),
      )
    })
  }
}
