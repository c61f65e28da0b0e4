// A fault: what goes wrong outside the model. One function from an event to a verdict; the first verdict
// that is not `pass` wins. Each is asked on its own occasion only.
import type { Chance } from '../core/chance.ts'
import type { Refusal } from '../core/message.ts'
import type { Param, Params } from '../core/param.ts'

export type Verdict =
  | { readonly kind: 'pass' }
  /** Virtual milliseconds more. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** What was asked happens; its answer is lost. */
  | { readonly kind: 'drop'; readonly message: string }
  /** What was asked does not happen; this is answered instead. */
  | { readonly kind: 'replace'; readonly refusal: Refusal }
  /** The whole machine goes down before the event. */
  | { readonly kind: 'crash' }

export const pass: Verdict = { kind: 'pass' }

export interface FaultEvent {
  /** `session/operation#n`: the scope of the fault's decision. */
  readonly key: string
}

/** What can go wrong on each occasion, beside nothing. */
export const VERDICTS_ON = {
  generate: ['delay', 'replace'],
  call: ['drop'],
  event: ['crash'],
} as const satisfies Record<string, readonly Verdict['kind'][]>

export interface Fault {
  /** A request to the model, a call of a tool, or any event of the machine. */
  readonly on: 'generate' | 'call' | 'event'
  readonly params: Readonly<Record<string, Param>>
  decide(event: FaultEvent, chance: Chance, params: Params): Verdict
}

export const fault = (entry: Fault): Fault => entry

/** A fault as a profile has it. */
export interface Possible {
  readonly id: string
  readonly fault: Fault
  readonly params: Params
}

/** The faults of a profile by what they are asked of, in order. */
export type Occasions = Readonly<Record<Fault['on'], readonly Possible[]>>

export function occasionsOf(
  faults: ReadonlyMap<string, Fault>,
  profile: Readonly<Record<string, Params>>,
): Occasions {
  const occasions = { generate: [] as Possible[], call: [] as Possible[], event: [] as Possible[] }
  for (const [id, fault] of faults) {
    const params = profile[id]
    if (params !== undefined) occasions[fault.on].push({ id, fault, params })
  }
  return occasions
}
