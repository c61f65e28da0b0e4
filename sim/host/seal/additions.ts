// What code of others hangs on what a whole thread shares: globals above all. A crash takes it, as it takes the
// rest of a process; but packages are loaded once a thread, and what they left as they were loaded they do not
// leave again: that stays. What cannot be taken away stays, too.

type Key = string | symbol

/** By thing, the keys that it has of its own. */
export type Keys = ReadonlyMap<object, ReadonlySet<Key>>

interface Property {
  readonly of: object
  readonly key: Key
  readonly descriptor: PropertyDescriptor
}

/** Node adds what begins so by itself, as `process._events`; a global is whoever's. */
const isHousekeeping = (thing: object, key: Key): boolean =>
  thing !== globalThis && typeof key === 'string' && key.startsWith('_')

export const keysOf = (things: readonly object[]): Keys =>
  new Map(things.map((thing) => [thing, new Set(Reflect.ownKeys(thing))]))

export class Additions {
  /** What runs of this thread have added; true where it came with the loading of a module. */
  readonly #known = new Map<object, Map<Key, boolean>>()

  /** Takes note of what was added since. */
  note(since: Keys, isLoading: boolean): void {
    for (const [thing, before] of since) {
      for (const key of Reflect.ownKeys(thing)) {
        if (before.has(key) || isHousekeeping(thing, key)) continue
        const known = this.#known.get(thing) ?? new Map<Key, boolean>()
        this.#known.set(thing, known.set(key, known.get(key) === true || isLoading))
      }
    }
  }

  /** Takes all of it away. The function puts back what came with a module, and did not come again. */
  takeAway(): () => void {
    const loaded: Property[] = []
    for (const [of, keys] of this.#known) {
      for (const [key, isLoading] of keys) {
        const descriptor = Reflect.getOwnPropertyDescriptor(of, key)
        const isGone = descriptor !== undefined && Reflect.deleteProperty(of, key)
        if (isGone && isLoading) loaded.push({ of, key, descriptor })
      }
    }
    return () => {
      for (const { of, key, descriptor } of loaded)
        if (!Object.hasOwn(of, key)) Reflect.defineProperty(of, key, descriptor)
    }
  }
}
