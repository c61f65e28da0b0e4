// What models, tools and files said, made harmless: each format has its own way of being fooled.

/**
 * Control characters, marks that turn the direction of text, invisible ones, lone surrogates and
 * what XML forbids. A terminal would obey the first, a reader be fooled by the others.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/gu

const code = (character: string): string =>
  `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`

/**
 * On one line, with what cannot be seen written out: for terminals, and the ground of all the
 * others.
 */
export const visible = (text: string): string =>
  text.replace(/[\t\r\n]+/g, ' ').replace(UNSEEN, code)

/**
 * Inside a line or a table cell of Markdown as GitHub has it. Entities never start a construct
 * there.
 */
export const markdown = (text: string): string =>
  visible(text).replace(/[&<>|`*_~[\]\\$#@]|:(?=\/\/)/g, (c) => `&#${c.charCodeAt(0)};`)

/** A fenced block that its text cannot close. */
export function fenced(lines: readonly string[]): string {
  const text = lines.map(visible).join('\n')
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}\n${text}\n${fence}`
}
