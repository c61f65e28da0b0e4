// One answer as it is spoken: a result at its end, deltas at their own times, and what was said so far
// when it is cut off. Everything that happens is an event of the run's queue.
import { deltasOf } from './cpu/speak.ts'
import type { Completion, Delta, Generation, Message, Usage } from './index.ts'

/** What a generation needs of the machine: events of its own, by a name under its key. */
export interface Stage {
  /** Schedules; `afterMs` from now. Dropped at a crash. */
  after(afterMs: number, name: string, fire: () => void): void
  now(): number
  /** Told once, when the answer ends: whole, or cut off after so many characters. */
  ended(completion: Completion, cutAt: number | undefined): void
}

export interface Script {
  readonly completion: Completion
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

export class Speaking implements Generation {
  readonly result: Promise<Completion>
  readonly #stage: Stage
  #settle: (completion: Completion) => void = () => {}
  #script: Script | undefined
  #startedMs = 0
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
    this.#stage.after(script.lastMs, '', () => this.#finish(script.completion, undefined))
    for (const pull of this.#pulls.splice(0)) pull()
  }

  /** The kernel has heard enough: the answer is what was spoken until now. */
  abort(usage: Usage): void {
    if (this.#over) return
    const message: Message = { role: 'assistant', content: '' }
    this.#cut = true
    const spoken = this.#spokenChars()
    const whole = this.#script?.completion
    const partial = whole?.kind === 'message' ? cut(whole.message, spoken) : message
    this.#finish({ kind: 'message', message: partial, finish: 'stop', usage }, spoken)
  }

  #finish(completion: Completion, cutAt: number | undefined): void {
    if (this.#over) return
    this.#over = true
    this.#stage.ended(completion, cutAt)
    this.#settle(completion)
    for (const pull of this.#pulls.splice(0)) pull()
  }

  #spokenChars(): number {
    const script = this.#script
    if (script === undefined || script.completion.kind !== 'message') return 0
    const since = this.#stage.now() - this.#startedMs
    const span = Math.max(1e-9, script.lastMs - script.firstMs)
    const share = Math.min(1, Math.max(0, (since - script.firstMs) / span))
    return Math.floor(share * totalChars(script.completion.message))
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
      if (script.completion.kind !== 'message') {
        resolve(done)
        return
      }
      const { message } = script.completion
      deltas ??= deltasOf(message)[Symbol.iterator]()
      const next = deltas.next()
      if (next.done === true) {
        resolve(done)
        return
      }
      chars += lengthOf(next.value)
      const share = chars / Math.max(1, totalChars(message))
      const dueMs = this.#startedMs + script.firstMs + share * (script.lastMs - script.firstMs)
      const waitMs = Math.max(0, dueMs - this.#stage.now())
      if (this.#cut && waitMs > 0) {
        resolve(done)
        return
      }
      this.#stage.after(waitMs, `.${index++}`, () => resolve(next))
      if (waitMs > 0) this.#pulls.push(() => this.#cut && resolve(done))
    }
    return { next: () => new Promise(pull) }
  }
}

const totalChars = ({ content, calls }: Message): number =>
  (calls ?? []).reduce((sum, { args }) => sum + args.length, content.length)
