// Token counts of text, by the o200k_base encoding (tiktoken), kept by text in a bounded table.
import { createRequire } from 'node:module'

type Encoding = typeof import('gpt-tokenizer/encoding/o200k_base')

const required = createRequire(import.meta.url)

/** A text that spells a special token is text: files and mails may quote one. */
const AS_TEXT = { disallowedSpecial: new Set<string>() }

export interface Tokens {
  count(text: string): number
  /** Its first so many tokens, as far as they spell whole characters. */
  start(text: string, count: number): string
}

/** A character can lie across two tokens: then it is not in the first. */
function start({ decode, encode }: Encoding, text: string, count: number): string {
  const begun = decode(encode(text, AS_TEXT).slice(0, count))
  let end = begun.length
  while (!text.startsWith(begun.slice(0, end))) end--
  return begun.slice(0, end)
}

/** What an entry of the table takes beside its text, in characters. */
const ENTRY_CHARS = 64

/** Two generations of a table: cheap, bounded, and what is used stays. Each has room for so many. */
export function tokens(roomChars = 4_000_000): Tokens {
  let loaded: Encoding | undefined
  /** Takes a sixth of a second to load, which who counts nothing does not wait for. */
  const encoding = (): Encoding => {
    loaded ??= required('gpt-tokenizer/encoding/o200k_base') as Encoding
    return loaded
  }
  let takenChars = 0
  let young = new Map<string, number>()
  let old = new Map<string, number>()
  const count = (text: string): number => {
    if (text === '') return 0
    const known = young.get(text)
    if (known !== undefined) return known
    const counted = old.get(text) ?? encoding().countTokens(text, AS_TEXT)
    if (takenChars > roomChars) {
      old = young
      young = new Map()
      takenChars = 0
    }
    young.set(text, counted)
    takenChars += text.length + ENTRY_CHARS
    return counted
  }
  return { count, start: (text, count) => start(encoding(), text, count) }
}
