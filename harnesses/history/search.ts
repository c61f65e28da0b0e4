// Search by words: Okapi BM25 with the usual constants, k1 = 1.2 and b = 0.75, and the idf that is never
// negative (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009; Lucene's BM25Similarity). Where
// the systems embed, words stand here for meaning. Total: any text, any query.

const K1 = 1.2
const B = 0.75
/** So many mentions are weighed, those of the rarest words: a query can be a whole prompt. */
const MENTIONS = 50_000
/** Of a query that is longer, its start. */
const QUERY_CHARS = 10_000

/** Words in lower case; of what is joined, as in `amount-north-12`, the whole and its parts. */
export function wordsOf(text: string): string[] {
  const words: string[] = []
  for (const [joined] of text.toLowerCase().matchAll(/[\p{L}\p{N}]+(?:[-_.:/@][\p{L}\p{N}]+)*/gu)) {
    const parts = joined.split(/[-_.:/@]/)
    words.push(joined)
    if (parts.length > 1) words.push(...parts)
  }
  return words
}

export class SearchIndex {
  /** By word: the places of the texts that say it, and how often. */
  readonly #said = new Map<string, Map<number, number>>()
  readonly #lengths: number[] = []
  #total = 0

  /** Its place is the number of texts before it. */
  add(text: string): void {
    const words = wordsOf(text)
    const place = this.#lengths.push(words.length) - 1
    this.#total += words.length
    for (const word of words) {
      const places = this.#said.get(word) ?? new Map<number, number>()
      places.set(place, (places.get(place) ?? 0) + 1)
      this.#said.set(word, places)
    }
  }

  /** The places of all texts that say a word of the query: best first, of equals the newer first. */
  ranked(query: string): number[] {
    const count = this.#lengths.length
    const found = [...new Set(wordsOf(query.slice(0, QUERY_CHARS)))].flatMap(
      (word) => this.#said.get(word) ?? [],
    )
    const scores = new Map<number, number>()
    let weighed = 0
    for (const places of found.sort((a, b) => a.size - b.size)) {
      weighed += places.size
      if (weighed > MENTIONS) break
      const idf = Math.log(1 + (count - places.size + 0.5) / (places.size + 0.5))
      for (const [place, times] of places) {
        const length = (this.#lengths[place] ?? 0) / (this.#total / count)
        const weight = (times * (K1 + 1)) / (times + K1 * (1 - B + B * length))
        scores.set(place, (scores.get(place) ?? 0) + idf * weight)
      }
    }
    return [...scores].sort(([a, of], [b, than]) => than - of || b - a).map(([place]) => place)
  }
}

/** Characters of a passage: about a hundred tokens; assumed. */
const PASSAGE_CHARS = 400
/** Further than this a blank is not looked for. */
const REACH_CHARS = 100

/** The place of the next blank, or where it would have been looked for in vain. */
function blankAfter(text: string, at: number): number {
  for (let i = at; i < Math.min(text.length, at + REACH_CHARS); i++)
    if (/\s/.test(text[i] ?? '')) return i
  return Math.min(text.length, at)
}

/** Of a text that is longer than any window, only so much is found by its words. */
const SEARCHED_CHARS = 200_000

/** A text in pieces of this length or a little more, cut at blanks. */
export function passagesOf(text: string): string[] {
  const passages: string[] = []
  for (let from = 0; from < Math.min(text.length, SEARCHED_CHARS); ) {
    const to = blankAfter(text, from + PASSAGE_CHARS)
    passages.push(text.slice(from, to))
    from = to
  }
  return passages
}

/** About so many characters of a text around the query, else around its first word; no word is cut in two. */
export function excerpt(text: string, query: string, maxChars: number): string {
  const chars = Math.floor(maxChars)
  if (text.length <= chars) return text
  const low = text.toLowerCase()
  let at = low.indexOf(query.toLowerCase())
  for (const word of wordsOf(query.slice(0, QUERY_CHARS))) at = at < 0 ? low.indexOf(word) : at
  const wanted = Math.max(0, Math.max(0, at) - Math.floor(chars / 3))
  const from = wanted === 0 ? 0 : blankBefore(text, wanted)
  const to = blankAfter(text, Math.max(wanted, at + Math.min(query.length, chars) - chars) + chars)
  return `${from > 0 ? '... ' : ''}${text.slice(from, to)}${to < text.length ? ' ...' : ''}`
}

function blankBefore(text: string, at: number): number {
  for (let i = at; i > Math.max(0, at - REACH_CHARS); i--)
    if (/\s/.test(text[i] ?? '')) return i + 1
  return Math.max(0, at)
}
