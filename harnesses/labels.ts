// Labels of values: whose words a value stands in, among all that the model was ever shown. Values are compared
// word by word, without regard to case; a value that is nobody's was put together by the model, and goes by its
// parts. What was translated, encoded or reckoned from data is not known again.

/** Best first: the user said it; the design did; it stands in what the user named; it came from elsewhere. */
const SOURCES = ['user', 'design', 'named', 'other'] as const

export type Source = (typeof SOURCES)[number]

const WORD = /[\p{L}\p{N}]+(?:[-._@+][\p{L}\p{N}]+)*/gu
/** So many parts of a joined word are taken together at most. */
const PARTS = 6

const partsOf = (word: string): string[] => word.split(/(?<=[-._@+])|(?=[-._@+])/)

/** A joined word, and all runs of its parts: `payee-north-12` says `north-12`, too. */
function* runsIn(word: string): Iterable<string> {
  const parts = partsOf(word)
  for (let from = 0; from < parts.length; from += 2)
    for (let to = from + 1; to <= Math.min(parts.length, from + 2 * PARTS); to += 2)
      yield parts.slice(from, to).join('')
}

export class Labels {
  readonly #sources = new Map<string, Set<Source>>()
  /** Of every set that is in use one, not one a word. */
  readonly #sets = new Map<string, Set<Source>>()

  learn(text: string, source: Source): void {
    for (const [word] of text.toLowerCase().matchAll(WORD))
      for (const run of runsIn(word)) this.#add(run, source)
  }

  /** The words of a value that are long enough to mean something, each with the best of its sources. */
  of(value: string, leastChars: number): [word: string, source: Source | undefined][] {
    const found: [string, Source | undefined][] = []
    for (const [word] of value.toLowerCase().matchAll(WORD)) {
      const source = this.#best(word)
      const words = source === undefined ? partsOf(word) : [word]
      for (const one of words)
        if (one.length >= leastChars) found.push([one, source ?? this.#best(one)])
    }
    return found
  }

  #best(word: string): Source | undefined {
    const sources = this.#sources.get(word)
    return SOURCES.find((source) => sources?.has(source))
  }

  #add(word: string, source: Source): void {
    const before = this.#sources.get(word)
    if (before?.has(source) === true) return
    const all = [...(before ?? []), source].sort()
    const key = all.join()
    const set = this.#sets.get(key) ?? new Set(all)
    this.#sets.set(key, set)
    this.#sources.set(word, set)
  }
}
