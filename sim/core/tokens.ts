// Token counts of text, by the o200k_base encoding (tiktoken), kept by text in a bounded table.
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'

/** A text that spells a special token is text: files and mails may quote one. */
const AS_TEXT = { disallowedSpecial: new Set<string>() }

export interface Tokens {
  count(text: string): number
}

/** Two generations of a table: cheap, bounded, and what is used stays. `capacity` is in entries. */
export function tokens(capacity = 20_000): Tokens {
  let young = new Map<string, number>()
  let old = new Map<string, number>()
  return {
    count(text) {
      if (text === '') return 0
      const known = young.get(text)
      if (known !== undefined) return known
      const counted = old.get(text) ?? countTokens(text, AS_TEXT)
      if (young.size >= capacity) {
        old = young
        young = new Map()
      }
      young.set(text, counted)
      return counted
    },
  }
}
