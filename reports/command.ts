// The lines that are printed to be pasted. RUN_IDs have brackets, which a shell would take for a
// pattern.

export type Verb = 'replay' | 'shrink'

/** Makes the line that runs `verb` on a run. */
export type Command = (verb: Verb, id: string) => string

/** As one word of a POSIX shell. */
export function quoted(word: string): string {
  if (/^[A-Za-z0-9_@%+=:,./#-]+$/.test(word) && !word.startsWith('#')) return word
  return `'${word.replaceAll("'", `'\\''`)}'`
}

export const command: Command = (verb, id) =>
  `npx enosys ${verb} ${quoted(id)}${verb === 'replay' ? ' --strace' : ''}`
