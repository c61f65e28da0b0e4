// What a harness may have patched: a snapshot of the intrinsics' own properties, to be compared later.
// New properties are a polyfill's right; a property that changed or went changes the next run.

type Snapshot = ReadonlyMap<string, unknown>

function roots(): [string, object][] {
  const named: [string, object][] = [
    ['globalThis', globalThis],
    ['process', process],
    ['Math', Math],
    ['JSON', JSON],
    ['Reflect', Reflect],
  ]
  const constructors = {
    Object,
    Function,
    Array,
    String,
    Number,
    Boolean,
    Symbol,
    Promise,
    Map,
    Set,
  }
  const more = { WeakMap, WeakSet, Date, RegExp, Error, TypeError, Uint8Array, AbortSignal, Buffer }
  for (const [name, constructor] of Object.entries({ ...constructors, ...more })) {
    named.push([name, constructor], [`${name}.prototype`, constructor.prototype as object])
  }
  return named
}

export function snapshot(): Snapshot {
  const seen = new Map<string, unknown>()
  for (const [name, object] of roots()) {
    for (const key of Reflect.ownKeys(object)) {
      const descriptor = Reflect.getOwnPropertyDescriptor(object, key)
      const value = descriptor?.get ?? descriptor?.value
      if (typeof value === 'function' || typeof value === 'object')
        seen.set(`${name}.${String(key)}`, value)
    }
  }
  return seen
}

/** The first property that is not what it was, e.g. `Array.prototype.push`. */
export function patched(before: Snapshot): string | undefined {
  const now = snapshot()
  for (const [name, value] of before) if (now.get(name) !== value) return name
  return undefined
}
