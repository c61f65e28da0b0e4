// Facts of a like name: what can be taken for another. Two are alike where their names begin with the same
// word, as `amount-7` and `amount-8` do. Counted as the window changes, so that a turn costs nothing.
import type { Kind } from '../core/atoms.ts'

const firstWordOf = (name: string): string => {
  const end = name.search(/[-._/]/)
  return end < 0 ? name : name.slice(0, end)
}

const hasLikes = (kind: Kind): boolean => kind === 'fact' || kind === 'choice'

export class Likes {
  /** Different names in view, by kind and first word. */
  readonly #counts = new Map<string, number>()

  /** A name comes into view, or leaves it. */
  count(kind: Kind, name: string, by: 1 | -1): void {
    if (!hasLikes(kind)) return
    const word = `${kind}:${firstWordOf(name)}`
    const count = this.of(kind, name) + by
    if (count > 0) this.#counts.set(word, count)
    else this.#counts.delete(word)
  }

  /** How many names in view begin as this one does, itself included. */
  of(kind: Kind, name: string): number {
    return this.#counts.get(`${kind}:${firstWordOf(name)}`) ?? 0
  }

  clear(): void {
    this.#counts.clear()
  }
}
