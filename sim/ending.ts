// How a run ended, before anyone judged it; and whose fault a thrown error is.
import { AssertionError } from './core/assert.ts'

export type Ending =
  | { readonly kind: 'done' }
  | { readonly kind: 'stuck'; readonly reason: string }
  | { readonly kind: 'crash'; readonly reason: string }
  | { readonly kind: 'error'; readonly reason: string }

/** The machine itself ends a run that goes past these. */
export interface Bounds {
  readonly events: number
  readonly virtualMs: number
}

/** An assertion is our bug; all else that a kernel lets fly is its own. */
export function blame(thrown: unknown): Ending {
  const text = thrown instanceof Error ? thrown.message : String(thrown)
  const reason = text.split('\n')[0]?.slice(0, 200) ?? ''
  return thrown instanceof AssertionError
    ? { kind: 'error', reason }
    : { kind: 'crash', reason: `threw: ${reason}` }
}
