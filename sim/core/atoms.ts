// Atoms: units of meaning in ordinary text, `[[kind:name]]` or `[[kind:name=value]]`. They survive JSON,
// XML, line numbers, word wrap and truncation elsewhere; an encoding that hides them hides the meaning.

export const KINDS = [
  'task',
  'fact',
  'place',
  'rule',
  'choice',
  'deadend',
  'done',
  'order',
  'secret',
] as const

export type Kind = (typeof KINDS)[number]

export interface Atom {
  readonly kind: Kind
  readonly name: string
  readonly value: string
  /** Characters from the start of the text to the atom. */
  readonly at: number
}

const OPEN = String.raw`(?:\[|\\u005[bB]|\\\[)`
const CLOSE = String.raw`(?:\]|\\u005[dD]|\\\])`
const PATTERN = new RegExp(
  `${OPEN}${OPEN}(${KINDS.join('|')}):([a-z0-9./_-]+)(?:=([A-Za-z0-9._:/@+-]+))?${CLOSE}${CLOSE}`,
  'g',
)

/** All atoms of a text, in order. */
export function atomsIn(text: string): Atom[] {
  if (!text.includes('[[') && !text.includes('\\')) return []
  const found: Atom[] = []
  for (let match = PATTERN.exec(text); match !== null; match = PATTERN.exec(text)) {
    const [, kind, name, value] = match
    found.push({ kind: kind as Kind, name: name ?? '', value: value ?? '', at: match.index })
  }
  return found
}

export function atom(kind: Kind, name: string, value = ''): string {
  return value === '' ? `[[${kind}:${name}]]` : `[[${kind}:${name}=${value}]]`
}
