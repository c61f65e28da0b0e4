// A fault: what goes wrong outside the model. One function from an event to a verdict; the first verdict
// that is not `pass` wins. Each is asked on its own occasion only.
import type { Chance } from '../core/chance.ts'
import type { Refusal } from '../core/message.ts'
import type { Param, Params } from '../core/param.ts'

export type Verdict =
  | { readonly kind: 'pass' }
  /** Virtual milliseconds more. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** The model is not asked; this is answered instead. */
  | { readonly kind: 'replace'; readonly refusal: Refusal }
  /** The answer ends after this share of it, in [0, 1); who waits for the whole is told this instead. */
  | { readonly kind: 'cut'; readonly share: number; readonly refusal: Refusal }
  /** What was asked happens; its answer is lost, and the caller is told so after the wait. */
  | { readonly kind: 'drop'; readonly message: string; readonly afterMs: number }
  /** What was asked does not happen, and the caller is told so after the wait. */
  | { readonly kind: 'fail'; readonly message: string; readonly afterMs: number }
  /** What was asked does not happen, and the caller is told that it did. */
  | { readonly kind: 'hollow' }
  /** The whole machine goes down before the event. */
  | { readonly kind: 'crash' }

export const pass: Verdict = { kind: 'pass' }

export interface FaultEvent {
  /** `session/operation#n`: the scope of the fault's decision. */
  readonly key: string
  /** Virtual milliseconds since the run began. */
  readonly at: number
  /** The flip under the event's key and the fault's own id: whether it strikes here. */
  strikes(probability: number): boolean
}

/** What can go wrong on each occasion, beside nothing. */
export const VERDICTS_ON = {
  generate: ['delay', 'replace', 'cut'],
  call: ['drop', 'fail', 'hollow'],
  event: ['crash'],
} as const satisfies Record<string, readonly Verdict['kind'][]>

export interface Fault {
  /** A request to the model, a call of a tool, or any event of the machine. */
  readonly on: 'generate' | 'call' | 'event'
  readonly params: Readonly<Record<string, Param>>
  decide(event: FaultEvent, chance: Chance, params: Params): Verdict
}

export const fault = (entry: Fault): Fault => entry

/** Refuses in a provider's words. Status 0: the connection ended. */
export const refused = (
  status: number,
  code: string,
  message: string,
  retryAfterMs?: number,
): Refusal =>
  retryAfterMs === undefined
    ? { kind: 'refused', status, code, message }
    : { kind: 'refused', status, code, message, retryAfterMs }

/** Whether it happened or not, a caller that gave up waiting reads the same. */
export const timedOut = (afterMs: number): { message: string; afterMs: number } => ({
  message: `Error: the call timed out after ${afterMs} ms.`,
  afterMs,
})
