// Facts in a sentence or in a document of their own: what is looked for among texts.
import { atom, type Draw } from '../../sim/index.ts'
import { prose, sentence } from '../../sim/world/prose.ts'

export interface Needle {
  readonly name: string
  readonly value: string
  /** The text that tells it. */
  readonly text: string
}

/** Facts whose names begin alike can be taken for one another. */
export const needle = (draw: Draw, word = draw.word(2)): Needle => {
  const name = `${word}-${draw.word(2)}${draw.int(10, 99)}`
  const value = String(draw.int(100_000, 999_999))
  return { name, value, text: `${sentence(draw)} ${atom('fact', name, value)} ${sentence(draw)}` }
}

/** Documents tell facts of a like name, which can be taken for one another. */
export const LIKE = 'item'
/** Of a document, about: a hundred words with a title. */
export const DOCUMENT_TOKENS = 130

export const documentOf = (draw: Draw, { text }: Needle): string =>
  `${text}\n${prose(draw, DOCUMENT_TOKENS - 60)}`
