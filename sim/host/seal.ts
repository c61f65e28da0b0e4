// The seal: under code that knows nothing of us, timers are events of the run's queue, dates and
// randomness are ours, and the network is closed. Packages bind globals at first use, so the shims stand
// once a thread, before any foreign import, and delegate to the current run. The only module with state.
import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import timers from 'node:timers'
import timersPromises from 'node:timers/promises'
import util from 'node:util'
import { EPOCH_MS } from '../core/clock.ts'
import { Additions } from './seal/additions.ts'
import { sealComputing } from './seal/computing.ts'
import { sealOutput } from './seal/output.ts'
import { sealProcess } from './seal/process.ts'

/** What the shims delegate to. */
export interface Sealed {
  now(): number
  timer(ms: number, fire: () => void): object
  cancel(timer: object): void
  /** Uniform in [0, 1). */
  random(): number
}

/** The real ones, as they were before. */
export const real = {
  setTimeout: globalThis.setTimeout,
  setImmediate: globalThis.setImmediate,
  nextTick: process.nextTick,
  clearTimeout: globalThis.clearTimeout,
  Date: globalThis.Date,
  fetch: globalThis.fetch,
}

/** What code of others has added to what this thread shares. */
export const additions = new Additions()

let current: Sealed | undefined
let installed = false
let spoilt = false
let computing = 0
let computed: Promise<unknown> = Promise.resolve()

/** Makes a run the one that sealed code of this thread lives in; undefined for none. */
export function enter(run: Sealed | undefined): void {
  current = run
  computing = 0
  computed = Promise.resolve()
}

/** Whether sealed code waits for a computation that Node does on other threads. */
export const isComputing = (): boolean => computing > 0

/** Says that code of others may have left something in this thread: let it be replaced. */
export function spoil(): void {
  spoilt = true
}

export const isSpoilt = (): boolean => spoilt

/** Settles as `work` does, but not before what was begun earlier: in the same order every time. */
function inOrder<T>(work: Promise<T>): Promise<T> {
  const run = current
  const before = computed
  const done = (async () => {
    const [result] = await Promise.allSettled([work, before])
    if (run === current) computing--
    if (result.status === 'rejected') throw result.reason
    return result.value
  })()
  computing++
  computed = done.catch(() => {})
  return done
}

const nowMs = (): number => (current === undefined ? real.Date.now() : EPOCH_MS + current.now())

/** A timer as Node hands it out: can be cleared, unref'd, and refreshed. */
class VirtualTimer {
  #event: object | undefined
  readonly #run: Sealed
  readonly #ms: number
  readonly #repeats: boolean
  readonly #fire: () => void

  constructor(run: Sealed, ms: unknown, repeats: boolean, fire: () => void) {
    const asked = Number(ms)
    this.#run = run
    this.#ms = asked >= 1 && asked <= 2_147_483_647 ? asked : ms === -1 ? 0 : 1
    this.#repeats = repeats
    this.#fire = fire
    this.refresh()
  }

  refresh(): this {
    this.close()
    this.#event = this.#run.timer(this.#ms, () => {
      this.#event = undefined
      if (this.#repeats) this.refresh()
      this.#fire()
    })
    return this
  }

  close(): this {
    if (this.#event !== undefined) this.#run.cancel(this.#event)
    this.#event = undefined
    return this
  }

  ref = (): this => this
  unref = (): this => this
  hasRef = (): boolean => true
}

type Callback = (...args: unknown[]) => void

const IMMEDIATELY = -1

function sealTimers(): void {
  const make = (repeats: boolean, otherwise: Callback): unknown =>
    function set(fire: Callback, ms?: unknown, ...args: unknown[]): unknown {
      if (current === undefined) return Reflect.apply(otherwise, globalThis, [fire, ms, ...args])
      if (typeof fire !== 'function')
        throw new TypeError('The "callback" argument must be of type function.')
      return new VirtualTimer(current, ms, repeats, () => fire(...args))
    }
  const clear = (timer: unknown): void => {
    if (timer instanceof VirtualTimer) timer.close()
    else real.clearTimeout(timer as NodeJS.Timeout)
  }
  const immediate = (fire: Callback, ...args: unknown[]): unknown =>
    current === undefined
      ? real.setImmediate(fire, ...args)
      : new VirtualTimer(current, IMMEDIATELY, false, () => fire(...args))
  const setTimeout = make(false, real.setTimeout as Callback) as typeof globalThis.setTimeout
  const setInterval = make(true, globalThis.setInterval as Callback)
  const wait = (
    ms: unknown,
    value?: unknown,
    options?: { signal?: AbortSignal },
  ): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const { signal } = options ?? {}
      const stop = (): void => reject(signal?.reason)
      if (signal?.aborted === true) return stop()
      const timer = setTimeout(() => resolve(value), ms as number)
      signal?.addEventListener('abort', () => {
        clear(timer)
        stop()
      })
    })
  const soon = (value?: unknown, options?: { signal?: AbortSignal }): Promise<unknown> =>
    wait(IMMEDIATELY, value, options)
  async function* every(ms: unknown, value?: unknown): AsyncGenerator<unknown> {
    for (;;) yield await wait(ms, value)
  }
  Object.defineProperty(setTimeout, util.promisify.custom, { value: wait })
  Object.defineProperty(immediate, util.promisify.custom, { value: soon })
  const shims = {
    setTimeout,
    setInterval,
    setImmediate: immediate,
    clearTimeout: clear,
    clearInterval: clear,
    clearImmediate: clear,
  }
  Object.assign(globalThis, shims)
  Object.assign(timers, shims)
  Object.assign(timersPromises, { setTimeout: wait, setImmediate: soon, setInterval: every })
  Object.assign(timersPromises.scheduler, { wait, yield: () => soon() })
  AbortSignal.timeout = (ms) => {
    const controller = new AbortController()
    setTimeout(
      () =>
        controller.abort(
          new DOMException('The operation was aborted due to timeout', 'TimeoutError'),
        ),
      ms,
    )
    return controller.signal
  }
}

function sealDates(): void {
  const RealDate = real.Date
  const now = (): number => nowMs()
  const VirtualDate = new Proxy(RealDate, {
    // A Date without arguments is the one case that asks the clock.
    construct: (target, args, self) =>
      Reflect.construct(target, args.length > 0 ? args : [now()], self),
    apply: () => new RealDate(now()).toString(),
    get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
  })
  globalThis.Date = VirtualDate
  RealDate.prototype.constructor = VirtualDate
  const started = performance.now.bind(performance)
  performance.now = () => current?.now() ?? started()
  const hrtime = process.hrtime.bind(process)
  const bigint = process.hrtime.bigint.bind(process.hrtime)
  const virtual = (before?: [number, number]): [number, number] => {
    if (current === undefined) return hrtime(before)
    const [s, ns] = before ?? [0, 0]
    const total = current.now() * 1e6 - (s * 1e9 + ns)
    return [Math.floor(total / 1e9), Math.floor(total % 1e9)]
  }
  process.hrtime = Object.assign(virtual, {
    bigint: () => (current === undefined ? bigint() : BigInt(Math.floor(current.now() * 1e6))),
  })
  const format = Intl.DateTimeFormat.prototype.formatToParts
  Intl.DateTimeFormat.prototype.formatToParts = function formatToParts(date) {
    return format.call(this, date ?? nowMs())
  }
  const getter = Object.getOwnPropertyDescriptor(Intl.DateTimeFormat.prototype, 'format')?.get
  Object.defineProperty(Intl.DateTimeFormat.prototype, 'format', {
    configurable: true,
    get(this: Intl.DateTimeFormat) {
      const bound = getter?.call(this) as (date?: Date | number) => string
      return (date?: Date | number) => bound(date ?? nowMs())
    },
  })
}

function sealRandomness(): void {
  const uniform = Math.random
  const random = (): number => current?.random() ?? uniform()
  Math.random = random
  const fill = (bytes: Uint8Array): void => {
    for (let i = 0; i < bytes.length; i++) bytes[i] = Math.floor(random() * 256)
  }
  const view = (array: ArrayBufferView | ArrayBuffer): Uint8Array =>
    ArrayBuffer.isView(array)
      ? new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
      : new Uint8Array(array)
  const getRandomValues = <T extends ArrayBufferView>(array: T): T => {
    fill(view(array))
    return array
  }
  const randomBytes = (
    size: number,
    done?: (error: null, bytes: Buffer) => void,
  ): Buffer | undefined => {
    const bytes = Buffer.alloc(size)
    fill(bytes)
    if (done === undefined) return bytes
    queueMicrotask(() => done(null, bytes))
    return undefined
  }
  const randomUUID = (): string => {
    const bytes = Buffer.alloc(16)
    fill(bytes)
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
    const hex = bytes.toString('hex')
    return [
      hex.slice(0, 8),
      hex.slice(8, 12),
      hex.slice(12, 16),
      hex.slice(16, 20),
      hex.slice(20),
    ].join('-')
  }
  const randomInt = (a: number, b?: unknown, c?: unknown): number | undefined => {
    const [min, max] = typeof b === 'number' ? [a, b] : [0, a]
    const done = [b, c].find((arg) => typeof arg === 'function')
    const value = min + Math.floor(random() * (max - min))
    if (typeof done !== 'function') return value
    queueMicrotask(() => done(null, value))
    return undefined
  }
  const randomFillSync = <T extends ArrayBufferView>(array: T): T => getRandomValues(array)
  const randomFill = (array: ArrayBufferView, ...rest: unknown[]): void => {
    getRandomValues(array)
    const done = rest.at(-1)
    if (typeof done === 'function') queueMicrotask(() => done(null, array))
  }
  const shims = { randomBytes, randomUUID, randomInt, randomFill, randomFillSync }
  for (const [name, value] of Object.entries({ ...shims, pseudoRandomBytes: randomBytes })) {
    Object.defineProperty(crypto, name, { value, configurable: true, writable: true })
  }
  for (const web of [globalThis.crypto, crypto.webcrypto]) {
    Object.defineProperty(web, 'getRandomValues', {
      value: getRandomValues,
      configurable: true,
      writable: true,
    })
    Object.defineProperty(web, 'randomUUID', {
      value: randomUUID,
      configurable: true,
      writable: true,
    })
  }
}

function closeNetwork(): void {
  globalThis.fetch = (...args) =>
    current === undefined
      ? real.fetch(...args)
      : Promise.reject(new TypeError('the network is sealed: use session.fetch'))
}

/** Installs the shims in this thread, once. They change nothing until a run is entered. */
export function seal(): void {
  if (installed) return
  installed = true
  sealTimers()
  sealDates()
  sealRandomness()
  closeNetwork()
  const isEntered = (): boolean => current !== undefined
  sealComputing(isEntered, inOrder)
  sealOutput(isEntered)
  sealProcess(() => current?.now())
  syncBuiltinESMExports()
}
