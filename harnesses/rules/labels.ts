// Labels of values: whose words a value stands in, among all that the model was ever shown. Values are compared
// word by word, without regard to case; a value that is nobody's was put together by the model, and goes by its
// parts. What was translated, encoded or reckoned from data is not known again.

/** Best first: the user said it; the design did; it stands in what the user named; it came from elsewhere. */
const SOURCES = ['user', 'design', 'named', 'other'] as const

export type Source = (typeof SOURCES)[number]

const WORD = /[\p{L}\p{N}]+(?:[-._@+][\p{L}\p{N}]+)*/gu
/** So many parts of a joined word are taken together at most. */
const PARTS = 6

/** What is joined, and between it what joins it. */
const partsOf = (word: string): string[] => word.split(/([-._@+])/)

/** A joined word, and all runs of its parts: `payee-north-12` says `north-12`, too. */
function* runsIn(word: string): Iterable<string> {
  const parts = partsOf(word)
  for (let from = 0; from < parts.length; from += 2) {
    let run = ''
    for (let to = from; to < Math.min(parts.length, from + 2 * PARTS); to++) {
      run += parts[to]
      if (to % 2 === from % 2) yield run
    }
  }
}

export class Labels {
  /** By word, the best of its sources: its place among them. */
  readonly #best = new Map<string, number>()

  learn(text: string, source: Source): void {
    const place = SOURCES.indexOf(source)
    for (const [word] of text.toLowerCase().matchAll(WORD))
      for (const run of runsIn(word))
        if ((this.#best.get(run) ?? SOURCES.length) > place) this.#best.set(run, place)
  }

  /** The words of a value that are long enough to mean something, each with the best of its sources. */
  of(value: string, leastChars: number): [word: string, source: Source | undefined][] {
    const found: [string, Source | undefined][] = []
    for (const [word] of value.toLowerCase().matchAll(WORD)) {
      const source = this.#sourceOf(word)
      const words = source === undefined ? partsOf(word) : [word]
      for (const one of words)
        if (one.length >= leastChars) found.push([one, source ?? this.#sourceOf(one)])
    }
    return found
  }

  #sourceOf(word: string): Source | undefined {
    return SOURCES[this.#best.get(word) ?? SOURCES.length]
  }
}
