// Pages of prose that the cases of an experiment share, in another order each: real text that costs real
// tokens, which are counted once.
import type { Draw } from '../../sim/core/draw.ts'
import type { Tokens } from '../../sim/core/tokens.ts'
import { prose } from '../../sim/world/prose.ts'
import { documentOf, LIKE, needle } from './facts.ts'

/** What the model counts around each message. */
const TOKENS_A_MESSAGE = 4

export interface Page {
  readonly text: string
  /** With those around its message. */
  readonly tokens: number
}

export interface Pages {
  /** By size, the largest first. */
  readonly bySize: readonly (readonly Page[])[]
  /** Each tells a fact of its own. */
  readonly documents: readonly string[]
}

const DOCUMENTS = 100

/** Tokens of a page, and how many of its size there are. */
const SIZES = [
  [4000, 32],
  [1000, 64],
  [300, 48],
  [100, 48],
  [25, 32],
] as const

/** A text has at least so many pages, so that a place in it is told to a fortieth. */
const FEWEST = 40

export function pagesOf(draw: Draw, tokens: Tokens): Pages {
  const bySize = SIZES.map(([size, count]) =>
    Array.from({ length: count }, () => {
      const text = prose(draw, size)
      return { text, tokens: tokens.count(text) + TOKENS_A_MESSAGE }
    }),
  )
  const documents = Array.from({ length: DOCUMENTS }, () => documentOf(draw, needle(draw, LIKE)))
  return { bySize, documents }
}

/** Texts of together at most so many tokens, and hardly less, in a random order. */
export function fill(draw: Draw, { bySize }: Pages, tokens: number): string[] {
  const texts: string[] = []
  let left = tokens
  for (const [place, sized] of bySize.entries()) {
    const size = SIZES[place]?.[0] ?? 1
    if (size * FEWEST > tokens && place < bySize.length - 1) continue
    const deck = draw.shuffled(sized)
    for (let i = 0; ; i++) {
      const page = deck[i % deck.length]
      if (page === undefined || page.tokens > left) break
      texts.push(page.text)
      left -= page.tokens
    }
  }
  return draw.shuffled(texts)
}

/** Numbered files, in the order in which a listing shows them. */
export const numbered = (texts: readonly string[]): Record<string, string> =>
  Object.fromEntries(texts.map((text, i) => [`documents/${String(i).padStart(4, '0')}.md`, text]))
