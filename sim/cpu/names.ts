// Names: how near two are, and the words that they are made of.
import { distance } from 'fastest-levenshtein'

export function nearest(word: string, words: Iterable<string>): string | undefined {
  let best: string | undefined
  let least = Number.POSITIVE_INFINITY
  for (const candidate of words) {
    const d = distance(word, candidate)
    if (d < least) {
      least = d
      best = candidate
    }
  }
  return best
}

/** The words of a name, in lower case: `read_file`, `readFile` and `read-file` have the same two. */
export const wordsOf = (name: string): string[] =>
  name
    .replaceAll(/([\p{Ll}\p{N}])(?=\p{Lu})/gu, '$1 ')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')

/** Words as a name, written as `like` is. */
export function nameOf(words: readonly string[], like: string): string {
  if (/\p{Ll}\p{Lu}/u.test(like))
    return words
      .map((word, i) => (i === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
      .join('')
  return words.join(like.includes('-') && !like.includes('_') ? '-' : '_')
}

/** How alike two names are, in [0, 1]: by their letters or by the words they share, whichever is more. */
export function likeness(a: string, b: string): number {
  const most = Math.max(a.length, b.length)
  if (most === 0) return 1
  const byLetters = 1 - distance(a.toLowerCase(), b.toLowerCase()) / most
  const [left, right] = [new Set(wordsOf(a)), new Set(wordsOf(b))]
  let shared = 0
  for (const word of left) if (right.has(word)) shared++
  const byWords = (2 * shared) / Math.max(1, left.size + right.size)
  return Math.max(byLetters, byWords)
}
