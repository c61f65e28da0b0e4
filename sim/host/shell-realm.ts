// Where the shell's library lives: a realm of its own that has no way out. There is no process, file, network or
// module in it but what is pure, and its clock, dice, timers and order of texts are ours. So a command finds
// nothing that is not the run's, whatever it tries, and says the same on every machine.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { compileFunction, createContext, runInContext } from 'node:vm'
import type { Bash, InMemoryFs, MountableFs } from 'just-bash'
import type { Script } from '../world/shell.ts'

export interface Library {
  readonly Bash: typeof Bash
  readonly InMemoryFs: typeof InMemoryFs
  readonly MountableFs: typeof MountableFs
}

/** What is pure of what it asks for; of all else it finds an empty module. */
const PURE = new Set([
  ...['node:assert', 'node:async_hooks', 'node:buffer', 'buffer', 'node:events', 'node:path'],
  ...['node:util', 'util', 'node:util/types', 'sprintf-js'],
])

/** Lines of two files times those that differ, in all that a command compares: 2,000 in two may. */
const DIFF_WORK = 16_000_000

type Patch = (
  ...of: [string, string, string, string, string, string, { context: number }]
) => string | undefined

/** @throws {Error} where two files differ by more than is ever waited for. */
function boundedDiff(createTwoFilesPatch: Patch, stage: Stage): Patch {
  return (from, to, before, after, fromHead, toHead, options) => {
    const lines = before.split('\n').length + after.split('\n').length
    const bounded = { ...options, maxEditLength: Math.floor(stage.diffWork / lines) }
    const patch = createTwoFilesPatch(from, to, before, after, fromHead, toHead, bounded)
    const changes = patch?.split(/^[+-]/m).length ?? Infinity
    stage.diffWork = Math.max(0, stage.diffWork - lines * changes)
    if (patch === undefined) throw new Error('files too large')
    return patch
  }
}

/** For `ls`, a name is itself: patterns are the shell's, and the module takes exponential time. */
const MINIMATCH = { minimatch: (path: string, name: string): boolean => path === name }

interface Timer {
  readonly at: number
  readonly fire: () => void
}

/** The time and the dice of the command that runs. Time moves when nothing is left to do without it. */
export class Stage {
  nowMs = 0
  random: () => number = () => 0
  /** What the command may still compare. */
  diffWork = 0
  #timers: Timer[] = []

  begin({ startMs, random }: Script): void {
    this.nowMs = startMs
    this.random = random
    this.diffWork = DIFF_WORK
    this.#timers = []
  }

  timer(fire: () => void, ms = 0): Timer {
    const timer = { at: this.nowMs + Math.max(0, ms), fire }
    this.#timers.push(timer)
    return timer
  }

  clear(timer: unknown): void {
    this.#timers = this.#timers.filter((other) => other !== timer)
  }

  /** Goes on to the next timer, the earliest and of those the first that was set, and fires it. */
  advance(): void {
    const next = this.#timers.reduce((a, b) => (b.at < a.at ? b : a))
    this.clear(next)
    this.nowMs = next.at
    next.fire()
  }
}

/** What the library takes of Node that is no way out. */
const LENT = {
  ...{ AbortController, AbortSignal, Buffer, Event, EventTarget, TextDecoder, TextEncoder },
  ...{ Uint8Array, URL, URLSearchParams, queueMicrotask, structuredClone },
}

interface Intrinsics {
  readonly Date: DateConstructor
  readonly Error: ErrorConstructor
  readonly Math: Math
  readonly String: StringConstructor
}

/** Dates, dice and the order of texts are the same in every run, on every machine. */
function tame(realm: Intrinsics, stage: Stage): DateConstructor {
  realm.Math.random = () => stage.random()
  realm.String.prototype.localeCompare = function byCodeUnits(that) {
    return this < that ? -1 : this > that ? 1 : 0
  }
  // Errors of the files come from outside, and are errors all the same.
  const isInstance = Function.prototype[Symbol.hasInstance]
  Object.defineProperty(realm.Error, Symbol.hasInstance, {
    value(this: unknown, thrown: unknown) {
      return isInstance.call(this, thrown) || (this === realm.Error && thrown instanceof Error)
    },
  })
  return dateAtGreenwich(realm.Date, () => stage.nowMs)
}

/** Takes a tenth of a second. */
export function loadShell(stage: Stage): Library {
  const path = createRequire(import.meta.url).resolve('just-bash')
  const inner = createRequire(path)
  const module = { exports: {} as Library }
  const realm = createContext({
    ...LENT,
    performance: { now: () => stage.nowMs },
    setTimeout: (fire: () => void, ms?: number) => stage.timer(fire, ms),
    setImmediate: (fire: () => void) => stage.timer(fire),
    setInterval: () => ({}),
    clearTimeout: (timer: unknown) => stage.clear(timer),
    clearImmediate: (timer: unknown) => stage.clear(timer),
    clearInterval: () => {},
    process: { env: {}, versions: {}, platform: 'linux', nextTick: queueMicrotask },
  })
  realm.Date = tame(runInContext('({ Date, Error, Math, String })', realm), stage)
  const code = readFileSync(path, 'utf8')
  const names = ['module', 'exports', 'require']
  const fill = compileFunction(code, names, { filename: path, parsingContext: realm })
  const require = (name: string): unknown => {
    if (name === 'minimatch') return MINIMATCH
    if (name === 'diff')
      return { createTwoFilesPatch: boundedDiff(inner(name).createTwoFilesPatch, stage) }
    return PURE.has(name) ? inner(name) : {}
  }
  fill(module, module.exports, require)
  return module.exports
}

/** A text that tells its zone, or a day alone, which is Greenwich's by the standard. */
const ZONED = /(?:Z|UTC|GMT|[+-]\d\d:?\d\d)\s*$|^\d{4}(?:-\d\d){0,2}$/i

/** Dates that ask `now` for the time, and live by Greenwich's wherever the machine stands. */
function dateAtGreenwich(local: DateConstructor, now: () => number): DateConstructor {
  const minutes = local.prototype.getTimezoneOffset
  const parse = (text: string): number => {
    const ms = local.parse(text)
    return ZONED.test(text) ? ms : ms - minutes.call(new local(ms)) * 60_000
  }
  for (const part of ['FullYear', 'Month', 'Date', 'Day', 'Hours', 'Minutes', 'Seconds'] as const)
    local.prototype[`get${part}`] = local.prototype[`getUTC${part}`]
  local.prototype.getTimezoneOffset = () => 0
  const msOf = ([first, ...rest]: readonly unknown[]): unknown => {
    if (first === undefined) return now()
    if (rest.length > 0) return local.UTC(...([first, ...rest] as Parameters<typeof local.UTC>))
    return typeof first === 'string' ? parse(first) : first
  }
  return new Proxy(local, {
    construct: (target, args, self) => Reflect.construct(target, [msOf(args)], self),
    apply: (target) => new target(now()).toString(),
    get: (target, key) =>
      key === 'now' ? now : key === 'parse' ? parse : Reflect.get(target, key),
  })
}
