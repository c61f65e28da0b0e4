// What a harness may have patched: a snapshot of the intrinsics' own properties, compared and put back
// later. New properties are a polyfill's right; a property that changed or went changes the next run.
import { EventEmitter } from 'node:events'
import fs from 'node:fs'
import promises from 'node:fs/promises'
import { real } from './seal.ts'

/** A property that was found changed. */
export interface Patched {
  /** E.g. `Array.prototype.push`. */
  readonly name: string
  /** Of the language itself, and so of our own code, too. The rest is the harness's own affair. */
  readonly isLanguage: boolean
}

interface Property extends Patched {
  readonly of: object
  readonly key: string | symbol
  readonly descriptor: PropertyDescriptor
}

export type Snapshot = readonly Property[]

const own: Readonly<Record<string, object>> = {
  globalThis,
  process,
  console,
  fs,
  promises,
  Date: real.Date,
}

const constructors = {
  Object,
  Function,
  Array,
  String,
  Number,
  Boolean,
  Symbol,
  BigInt,
  Promise,
  Map,
  Set,
  WeakMap,
  WeakSet,
  RegExp,
  Error,
  TypeError,
  ArrayBuffer,
  Int32Array,
  Uint8Array,
  Buffer,
  URL,
  AbortSignal,
  AbortController,
  EventTarget,
  EventEmitter,
  TextEncoder,
  TextDecoder,
}

/** Things on which code could leave something for a later boot. */
export const SHARED: readonly object[] = [...Object.values(own), ...Object.values(constructors)]

const prototypeOf = (object: object): object => Object.getPrototypeOf(object) as object

const language: Readonly<Record<string, object>> = {
  Math,
  JSON,
  Reflect,
  'Date.prototype': Date.prototype,
  Iterator: prototypeOf(prototypeOf([][Symbol.iterator]())),
  ArrayIterator: prototypeOf([][Symbol.iterator]()),
  MapIterator: prototypeOf(new Map().entries()),
  TypedArray: prototypeOf(Uint8Array),
  'TypedArray.prototype': prototypeOf(Uint8Array.prototype),
  ...constructors,
  ...Object.fromEntries(
    Object.entries(constructors).map(([name, { prototype }]) => [`${name}.prototype`, prototype]),
  ),
}

/** Nothing of ours asks Math for randomness: whoever replaces it does so for itself. */
const named = (owner: string, key: string | symbol): Patched => {
  const name = `${owner}.${String(key)}`
  return { name, isLanguage: !(owner in own) && name !== 'Math.random' }
}

/** What Node changes itself, such as `process._events`, and what every compiler does to stacks. */
const isHousekeeping = (owner: string, key: string): boolean =>
  (owner in own && key.startsWith('_')) || (owner === 'Error' && key === 'prepareStackTrace')

export function snapshot(): Snapshot {
  const seen: Property[] = []
  for (const [owner, of] of [...Object.entries(own), ...Object.entries(language)]) {
    for (const key of Reflect.ownKeys(of)) {
      if (isHousekeeping(owner, String(key))) continue
      const descriptor = Reflect.getOwnPropertyDescriptor(of, key)
      const value = descriptor?.get ?? descriptor?.value
      if (descriptor !== undefined && (typeof value === 'function' || typeof value === 'object'))
        seen.push({ ...named(owner, key), of, key, descriptor })
    }
  }
  return seen
}

const { apply, defineProperty, getOwnPropertyDescriptor } = Reflect

/** Node replaces some of its getters, once asked, by what they gave. */
const isSame = (of: object, was: PropertyDescriptor, is: PropertyDescriptor): boolean =>
  was.get !== undefined && is.get === undefined
    ? apply(was.get, of, []) === is.value
    : was.value === is.value && was.get === is.get && was.set === is.set

/** Puts back what is not as it was, and tells the first of it, the language's before all other. */
export function restore(before: Snapshot): Patched | undefined {
  let first: Patched | undefined
  // A plain loop: whatever else it used could be what was patched.
  for (let i = 0; i < before.length; i++) {
    const { name, isLanguage, of, key, descriptor } = before[i] as Property
    const now = getOwnPropertyDescriptor(of, key)
    if (now !== undefined && isSame(of, descriptor, now)) continue
    defineProperty(of, key, descriptor)
    if (first === undefined || (isLanguage && !first.isLanguage)) first = { name, isLanguage }
  }
  return first
}
