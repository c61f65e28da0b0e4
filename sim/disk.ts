// The disk of a run: outlives a crash. A write in flight at a crash is lost, torn or whole, by decision; the
// newest one, of which the kernel was told that it is done, can be torn too: nobody waited for the platter.

import type { Boot } from './boot.ts'
import type { Disk } from './index.ts'
import type { Simulation } from './machine.ts'

/** Virtual milliseconds of a write; assumed. */
const WRITE_MS = 1

/** Half of a text: what is left of it where a write is torn. */
const torn = (text: string): string => text.slice(0, text.length >> 1)

/** What stands on the disk, by path. */
export class Platter extends Map<string, string> {
  #newest: { readonly path: string; readonly before: string; readonly text: string } | undefined

  /** Puts a text behind what stands there, by a write that can still be torn. */
  put(path: string, before: string, text: string): void {
    this.set(path, before + text)
    this.#newest = { path, before, text }
  }

  /** At a crash: half of the newest write is gone. Nothing where its file is another one by now. */
  tear(): void {
    const { path = '', before = '', text = '' } = this.#newest ?? {}
    if (this.get(path) === before + text && text !== '') this.set(path, before + torn(text))
    this.#newest = undefined
  }
}

interface Write {
  readonly path: string
  readonly text: string
  /** What it is put behind, asked when it is done; where that is undefined nothing is written. */
  readonly before: () => string | undefined
}

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
    return this.#put({ path, text, before: () => '' }, () => {})
  }

  append(path: string, text: string): Promise<void> {
    return this.#put({ path, text, before: () => this.#sim.disk.get(path) ?? '' }, () => {})
  }

  /** Whether the file is there is settled at once; what it says is written like anything else. */
  create(path: string, text: string): Promise<boolean> {
    const { disk } = this.#sim
    const before = (): string | undefined => (disk.has(path) ? undefined : '')
    return this.#put({ path, text, before }, (isDone) => isDone)
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

  #put<T>({ path, text, before }: Write, told: (isDone: boolean) => T): Promise<T> {
    const sim = this.#sim
    if (this.#boot.revoked) return never()
    const key = `${this.#boot.scope}/write#${sim.operation(this.#boot.scope, 'write')}`
    const put = (written: string): boolean => {
      const old = before()
      if (old !== undefined) sim.disk.put(path, old, written)
      return old !== undefined
    }
    return new Promise((resolve) => {
      sim.schedule(
        this.#boot,
        key,
        WRITE_MS,
        () => resolve(told(put(text))),
        () => put(sim.chance.flip(`${key}/torn`, 0.5) ? torn(text) : text),
      )
    })
  }
}
