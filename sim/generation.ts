// One answer as it is spoken: a result at its end, deltas at their own times, and what was said so far
// when the kernel cuts it off. Where the connection ends first, the deltas end early and the result is a
// refusal without a status, as a client has it that waits for the whole. All that happens is an event.
import { deltasOf } from './cpu/speak.ts'
import type { Completion, Delta, Generation, Message, Refusal, Usage } from './index.ts'

/** What a generation needs of the machine: events of its own, by a name under its key. */
export interface Stage {
  /** Schedules; `afterMs` from now. Dropped at a crash. */
  after(afterMs: number, name: string, fire: () => void): void
  now(): number
  /**
   * Told once, when the answer ends: whole, or cut off by the kernel after so many characters, or with its
   * connection, when so much of it had been heard.
   */
  ended(completion: Completion, cutAt: number | undefined, heard: Message | undefined): void
  /** The core is free while the answer waits. */
  paused(): void
  /** Wants a core again; `start` is called when there is one. */
  resumed(start: () => void): void
}

export interface Script {
  readonly completion: Completion
  /** What the deltas are of: the message, or as much of it as comes before the connection ends. */
  readonly spoken: Message | undefined
  /** Virtual milliseconds from the start to the first token, and to the last. */
  readonly firstMs: number
  readonly lastMs: number
}

const lengthOf = (delta: Delta): number => (delta.kind === 'call' ? 0 : delta.text.length)

/** The message as far as its first `chars` characters. */
function cut(message: Message, chars: number): Message {
  let left = Math.max(0, chars - message.content.length)
  const calls = []
  for (const call of message.calls ?? []) {
    if (left <= 0) break
    calls.push({ ...call, args: call.args.slice(0, left) })
    left -= call.args.length
  }
  const content = message.content.slice(0, chars)
  return calls.length > 0 ? { role: 'assistant', content, calls } : { role: 'assistant', content }
}

/** Nothing is spoken, and this is the answer. */
export const refusing = (refusal: Refusal, ms: number): Script => ({
  completion: refusal,
  spoken: undefined,
  firstMs: ms,
  lastMs: ms,
})

/** The connection ends after a share of the answer. */
export function cutShort(script: Script, share: number, refusal: Refusal): Script {
  const { spoken, firstMs, lastMs } = script
  const chars = spoken === undefined ? 0 : Math.floor(share * charsOf(spoken))
  return {
    completion: refusal,
    spoken: spoken && cut(spoken, chars),
    firstMs,
    lastMs: firstMs + share * (lastMs - firstMs),
  }
}

/** What is due once so much of the answer's own time has passed. */
interface Due {
  readonly elapsedMs: number
  readonly name: string
  readonly fire: () => void
}

export class Speaking implements Generation {
  readonly result: Promise<Completion>
  readonly #stage: Stage
  #settle: (completion: Completion) => void = () => {}
  #script: Script | undefined
  #startedMs = 0
  /** Virtual milliseconds that it stood still. */
  #stoodMs = 0
  #pausedAt: number | undefined
  #isWanted = true
  #waiting: Due[] = []
  #over = false
  #cut = false
  #pulls: (() => void)[] = []

  constructor(stage: Stage) {
    this.#stage = stage
    this.result = new Promise((resolve) => {
      this.#settle = resolve
    })
  }

  /** The model begins to answer, now. */
  start(script: Script): void {
    if (this.#over) return
    this.#script = script
    this.#startedMs = this.#stage.now()
    this.#when({
      elapsedMs: script.lastMs,
      name: '',
      fire: () => this.#finish(script.completion, undefined),
    })
    for (const pull of this.#pulls.splice(0)) pull()
    if (!this.#isWanted) this.#stop()
  }

  pause(): void {
    if (this.#over || !this.#isWanted) return
    this.#isWanted = false
    if (this.#script !== undefined && this.#pausedAt === undefined) this.#stop()
  }

  resume(): void {
    if (this.#over || this.#isWanted) return
    this.#isWanted = true
    if (this.#pausedAt !== undefined) this.#stage.resumed(() => this.#goOn())
  }

  #stop(): void {
    this.#pausedAt = this.#stage.now()
    this.#stage.paused()
  }

  #goOn(): void {
    if (this.#over || this.#pausedAt === undefined) return
    this.#stoodMs += this.#stage.now() - this.#pausedAt
    this.#pausedAt = undefined
    if (!this.#isWanted) {
      this.#stop()
      return
    }
    for (const due of this.#waiting.splice(0)) this.#when({ ...due, name: `${due.name}+` })
  }

  /** Virtual milliseconds that the model has worked on it. */
  #elapsedMs(): number {
    return (this.#pausedAt ?? this.#stage.now()) - this.#startedMs - this.#stoodMs
  }

  /** Fires when so much of the answer's own time has passed; what comes due while it stands still waits. */
  #when(due: Due): void {
    const { elapsedMs, name, fire } = due
    const stoodMs = this.#stoodMs
    this.#stage.after(Math.max(0, elapsedMs - this.#elapsedMs()), name, () => {
      if (this.#over || (this.#pausedAt === undefined && this.#stoodMs === stoodMs)) fire()
      else if (this.#pausedAt !== undefined) this.#waiting.push(due)
      else this.#when({ ...due, name: `${name}+` })
    })
  }

  /** The kernel has heard enough: the answer is what was spoken until now. */
  abort(usage: Usage): void {
    if (this.#over) return
    const message: Message = { role: 'assistant', content: '' }
    this.#cut = true
    const spoken = this.#spokenChars()
    const whole = this.#script?.spoken
    const partial = whole === undefined ? message : cut(whole, spoken)
    const all = this.#script?.completion
    const tokens = all?.kind === 'message' ? all.usage.output : 0
    const share = whole === undefined ? 0 : spoken / Math.max(1, charsOf(whole))
    const heard = { ...usage, output: Math.ceil(share * tokens) }
    this.#finish({ kind: 'message', message: partial, finish: 'stop', usage: heard }, spoken)
  }

  #finish(completion: Completion, cutAt: number | undefined): void {
    if (this.#over) return
    this.#over = true
    const heard = completion.kind === 'refused' ? this.#script?.spoken : undefined
    this.#stage.ended(completion, cutAt, heard)
    this.#settle(completion)
    for (const pull of this.#pulls.splice(0)) pull()
  }

  #spokenChars(): number {
    const script = this.#script
    if (script?.spoken === undefined) return 0
    const since = this.#elapsedMs()
    const span = Math.max(1e-9, script.lastMs - script.firstMs)
    const share = Math.min(1, Math.max(0, (since - script.firstMs) / span))
    return Math.floor(share * charsOf(script.spoken))
  }

  [Symbol.asyncIterator](): AsyncIterator<Delta> {
    let deltas: Iterator<Delta> | undefined
    let chars = 0
    let index = 0
    const done = { done: true as const, value: undefined }
    const pull = (resolve: (next: IteratorResult<Delta>) => void): void => {
      const script = this.#script
      if (script === undefined) {
        if (this.#over) resolve(done)
        else this.#pulls.push(() => pull(resolve))
        return
      }
      if (script.spoken === undefined) {
        resolve(done)
        return
      }
      const message = script.spoken
      deltas ??= deltasOf(message)[Symbol.iterator]()
      const next = deltas.next()
      if (next.done === true) {
        resolve(done)
        return
      }
      chars += lengthOf(next.value)
      const share = chars / Math.max(1, charsOf(message))
      const elapsedMs = script.firstMs + share * (script.lastMs - script.firstMs)
      const waitMs = Math.max(0, elapsedMs - this.#elapsedMs())
      if (this.#cut && waitMs > 0) {
        resolve(done)
        return
      }
      this.#when({ elapsedMs, name: `.${index++}`, fire: () => resolve(next) })
      if (waitMs > 0) this.#pulls.push(() => this.#cut && resolve(done))
    }
    return { next: () => new Promise(pull) }
  }
}

const charsOf = ({ content, calls }: Message): number =>
  (calls ?? []).reduce((sum, { args }) => sum + args.length, content.length)
