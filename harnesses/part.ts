// A part: one policy of one slot, with the constants that it goes by as data, so that a listing can tell them
// and another design can set others.
import type { Slot } from './kernel.ts'
import type { Policy } from './policy.ts'

export type Constants = Readonly<Record<string, number | string | readonly string[]>>

/** A part: one policy of one slot, with its constants as data. Its path is its id. */
export interface Part<S extends Slot = Slot> {
  readonly slot: S
  /** One line. */
  readonly about: string
  /** Where the policy and its constants were seen, and how: read in source, paper, secondary reading. */
  readonly source: string
  /** Units stand in the names: `reserveTokens`. Those in tokens and characters are scaled where used. */
  readonly constants: Constants
  readonly policy: Policy
  /** The same part with other constants. @throws {TypeError} for one that it has not. */
  with(constants: Constants): Part<S>
}

interface PartPage<S extends Slot, C extends Constants> {
  readonly slot: S
  readonly about: string
  readonly source: string
  readonly constants?: C
  readonly policy: Policy | ((constants: C) => Policy)
}

/** @example export default part({ slot: 'budget', about: '..', source: '..', policy: { spent: .. } }) */
export function part<S extends Slot, const C extends Constants>(page: PartPage<S, C>): Part<S> {
  const { slot, about, source, constants = {} as C, policy } = page
  return {
    slot,
    about,
    source,
    constants,
    policy: typeof policy === 'function' ? policy(constants) : policy,
    with(changed) {
      const odd = Object.keys(changed).find((name) => !(name in constants))
      if (odd !== undefined) throw new TypeError(`${about}: no constant '${odd}'`)
      return part({ ...page, constants: { ...constants, ...changed } as C })
    },
  }
}
