// Patterns of paths: `*` and `?` within a folder's name, `**` across folders, `{a,b}` for either.

const SPECIAL = /\*\*\/|\*\*|\*|\?|\{[^{}]*\}|[.+^$()|[\]\\{}]/g

const MEANS: Readonly<Record<string, string>> = {
  '**/': '(?:.*/)?',
  '**': '.*',
  '*': '[^/]*',
  '?': '[^/]',
}

const source = (pattern: string): string =>
  pattern.replace(SPECIAL, (found) => {
    if (found.length > 1 && found.startsWith('{'))
      return `(?:${found.slice(1, -1).split(',').map(source).join('|')})`
    return MEANS[found] ?? `\\${found}`
  })

/** Whether a path is as the pattern says, from its start to its end; a bare name, in any folder. */
export function globbed(pattern: string): (path: string) => boolean {
  const whole = new RegExp(`^${pattern.includes('/') ? '' : '(?:.*/)?'}${source(pattern)}$`)
  return (path) => whole.test(path)
}
