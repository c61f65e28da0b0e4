// The sources as the tidiness test reads them: files, what they import, and their code without comments.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

export interface Source {
  /** Relative to the root, with `/`. */
  readonly path: string
  readonly text: string
  /** Without comments; strings are left. */
  readonly code: string
  /** Without comments, and with every string and regular expression empty. */
  readonly bare: string
  readonly imports: readonly Import[]
}

export interface Import {
  /** A path relative to the root, or a package. */
  readonly of: string
  readonly isType: boolean
  readonly isOwn: boolean
}

const IMPORT =
  /^(?:import|export)\s+(type\s)?(?:[^'"]*?\sfrom\s+)?'([^']+)'|\bimport\('([^']+)'\)/gm

/** `import { type A, type B } from` is erased as a whole only where the compiler is told so: it is not. */
function importsOf(path: string, code: string): Import[] {
  return [...code.matchAll(IMPORT)].map(([, type, first, second]) => {
    const of = first ?? second ?? ''
    const isOwn = of.startsWith('.')
    const target = isOwn ? normalize(join(dirname(path), of)).replaceAll('\\', '/') : of
    return { of: target, isType: type !== undefined, isOwn }
  })
}

/** What stands before a slash that begins a regular expression. */
const BEFORE_REGEX = /(?:[(,=:[!&|?{};\n>]|\breturn|\bcase)\s*$/

/** Cuts a source into its comments, strings and code, and tells what becomes of each piece. */
function stripped(text: string, isBare: boolean): string {
  const literal = (piece: string): string => (isBare ? `${piece[0]}${piece[0]}` : piece)
  let out = ''
  let i = 0
  /** For each template that is open, how many braces its hole has. */
  const holes: number[] = []
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = i
    const piece = pattern.exec(text)?.[0] ?? ''
    i += piece.length
    return piece
  }
  const template = (): void => {
    const piece = take(/[^`\\$]*(?:(?:\\[\s\S]|\$(?!\{))[^`\\$]*)*/y)
    if (!isBare) out += piece
    if (take(/\$\{/y) !== '') {
      out += '${'
      holes.push(0)
    } else out += take(/`/y)
  }
  while (i < text.length) {
    const c = text[i] ?? ''
    const depth = holes.at(-1)
    if (take(/\/\/[^\n]*|\/\*[\s\S]*?\*\//y) !== '') continue
    if (c === "'" || c === '"') out += literal(take(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/y))
    else if (c === '`') {
      out += take(/`/y)
      template()
    } else if (c === '/' && BEFORE_REGEX.test(out))
      out += literal(take(/\/(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y) || take(/\//y))
    else if (c === '}' && depth === 0) {
      holes.pop()
      out += take(/\}/y)
      template()
    } else {
      if (depth !== undefined && c === '{') holes[holes.length - 1] = depth + 1
      if (depth !== undefined && c === '}') holes[holes.length - 1] = depth - 1
      out += c
      i++
    }
  }
  return out
}

const read = (path: string): Source => {
  const text = readFileSync(path, 'utf8')
  const code = stripped(text, false)
  return { path, text, code, bare: stripped(text, true), imports: importsOf(path, code) }
}

/** All TypeScript sources under these paths, in order. */
export function sources(...roots: readonly string[]): Source[] {
  const under = (path: string): string[] =>
    path.endsWith('.ts')
      ? [path]
      : readdirSync(path, { withFileTypes: true })
          .flatMap((entry) =>
            entry.isDirectory() ? under(`${path}/${entry.name}`) : [`${path}/${entry.name}`],
          )
          .filter((name) => name.endsWith('.ts'))
  return roots.flatMap(under).toSorted().map(read)
}
