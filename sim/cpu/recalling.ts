// Recalling: the values that a turn is planned with, how each was served, and the decisions about it.
import type { Served } from '../core/trace.ts'
import type { Scope } from './planner.ts'
import type { Profile } from './profile.ts'
import type { View } from './read.ts'
import { older, type Sought, usable } from './recall.ts'

/** A fact's name as part of a step's: the ids of decisions and calls are parted by these. */
export const stepFor = (
  verb: 'get' | 'find' | 'recall' | 'look-up' | 'know' | 'choose',
  fact: string,
): string => `${verb}-${fact.replaceAll(/[./]/g, '_')}`

export interface Reader {
  readonly view: View
  readonly mind: { readonly profile: Profile; readonly windowTokens: number }
  readonly scope: Scope
  /** The scope of the decisions of the job. */
  readonly at: string
}

export class Recalling {
  readonly served: Served[] = []
  readonly values = new Map<string, string>()
  readonly #thoughtOf = new Map<string, string>()
  readonly #reader: Reader

  constructor(reader: Reader) {
    this.#reader = reader
  }

  /**
   * The scope of the decisions about one fact, counted by how often it was thought of. A step's own count
   * goes on only when the step is spoken of, so that a turn aside leaves what is placed there in place.
   */
  about(fact: string, site: string): string {
    let about = this.#thoughtOf.get(fact)
    if (about === undefined) {
      const { at, scope } = this.#reader
      const step = stepFor('know', fact)
      about = `${at}/${step}/${scope.occurrence(at, step)}`
      this.#thoughtOf.set(fact, about)
    }
    return `${about}/${site}`
  }

  /** Serves the value if it stands in view and can be used now: the newest, or one taken for it. */
  recall(sought: Sought): boolean {
    const { kind, name } = sought
    const { view, mind, scope } = this.#reader
    const found = view.atoms.get(`${kind}:${name}`) ?? []
    const newest = found.at(-1)
    if (newest === undefined) return false
    const p = 1 - usable(mind, view, sought)
    if (scope.chance.flip(this.about(name, 'forgets'), p)) return false
    const old = older(mind.profile, found)
    if (old !== undefined && scope.chance.flip(this.about(name, 'takes-older'), old.p))
      this.serve(name, 'stale', old.value)
    else this.serve(name, 'usable', newest.value)
    return true
  }

  serve(fact: string, status: Served['status'], value: string): undefined {
    this.served.push({ fact, status, value })
    this.values.set(fact, value)
  }
}
