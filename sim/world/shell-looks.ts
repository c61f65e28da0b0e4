// What a command line looks for, where it is plain: listings of folders, by `ls`, `tree`, `find` or a star, and
// searches of files for a text as it stands. Of all else (loops, filters, expressions, what is cut or goes
// elsewhere) nothing is said: nobody could say which file that is not there yet would have come up.
import { isWithin, normalPath, type Scan } from './files.ts'
import { ROOT } from './shell.ts'

interface Word {
  readonly text: string
  /** A star that the shell takes for itself. */
  readonly hasStar: boolean
}

interface Command {
  readonly name: string
  readonly args: readonly Word[]
  /** It goes on with what the one before it said. */
  readonly isPiped: boolean
}

export interface ShellLook extends Scan {
  /** Of each folder by itself that it sees into: it names files without their folders. */
  readonly isByFolder?: boolean
}

/** Undefined where what it looks for is not plain. */
type Looking = (args: readonly Word[]) => readonly ShellLook[] | undefined

/** What stands between commands; what is said aside, and not on the output; words, in quotes or not. */
const TOKEN =
  /[ \t]*(?:(&&|\|\||[;|\n])|(2>[ \t]*(?:\/dev\/null|&1)(?![^\s;|&]))|((?:'[^']*'|"[^"$`\\]*"|[\w./*@%+=:,-]+)+))[ \t]*/y
const QUOTED = /'([^']*)'|"([^"]*)"/g

/** After a pipe: all lines go through it. */
const PASSING: ReadonlySet<string> = new Set(['cat', 'nl', 'sort'])

/**
 * All that one line looks for; none where some of it is not plain. Nor where two commands look into one folder: one
 * of them may have failed, or never have been run, and the other is what saw it.
 */
export function looksOf(line: string, hasIgnores: boolean): readonly ShellLook[] {
  const found: ShellLook[] = []
  for (const { name, args, isPiped } of commandsIn(line) ?? []) {
    const looking = name === 'rg' && hasIgnores ? undefined : LOOKING.get(name)
    const looks = isPiped ? passed(name, args) : looking?.(args)
    if (looks === undefined) return []
    if (looks.some((look) => found.some((other) => doMeet(look, other)))) return []
    found.push(...looks)
  }
  return found
}

/** Whether two looks see into one folder. */
function doMeet(a: ShellLook, b: ShellLook): boolean {
  const [at = '', to = ''] = [a.under, b.under]
  if (a.isFlat && b.isFlat) return at === to
  return (!a.isFlat && isWithin(to, at)) || (!b.isFlat && isWithin(at, to))
}

function commandsIn(line: string): readonly Command[] | undefined {
  let words: Word[] = []
  let isPiped = false
  const commands: Command[] = []
  const end = (): void => {
    const [first, ...args] = words
    if (first !== undefined) commands.push({ name: first.text, args, isPiped })
    words = []
  }
  const token = new RegExp(TOKEN)
  while (token.lastIndex < line.length) {
    const [found, between, aside, word = ''] = token.exec(line) ?? []
    if (found === undefined) return undefined
    if (aside !== undefined) continue
    if (between === undefined) {
      const text = word.replace(
        QUOTED,
        (_, single?: string, double?: string) => single ?? double ?? '',
      )
      words.push({ text, hasStar: word.replace(QUOTED, '').includes('*') })
    } else {
      end()
      isPiped = between === '|'
    }
  }
  end()
  return commands
}

const passed: (name: string, args: readonly Word[]) => readonly ShellLook[] | undefined = (
  name,
  args,
) => (PASSING.has(name) && args.every(({ text }) => /^-\w+$/.test(text)) ? [] : undefined)

/** By its name from the root of the workspace. */
const folder = (path: string): string =>
  normalPath(path === ROOT || path.startsWith(`${ROOT}/`) ? path.slice(ROOT.length) : path)

/** `*` or `*.md`: all that lie in a folder, or those of a kind. */
function starred(text: string): Scan | undefined {
  const [found, under = '', ending] = /^([^*]*\/)?\*(\.\w+)?$/.exec(text) ?? []
  if (found === undefined) return undefined
  return { under: folder(under), isFlat: true, ...(ending !== undefined && { ending }) }
}

/** Each of these is a look, or one of them is not plain. */
function each(
  words: readonly Word[],
  lookOf: (word: Word) => readonly ShellLook[] | undefined,
): readonly ShellLook[] | undefined {
  const found = words.map(lookOf)
  return found.some((one) => one === undefined) ? undefined : found.flatMap((one) => one ?? [])
}

const isFlag = ({ text }: Word): boolean => text.startsWith('-')

/** What a star stands for; names that are written out are none. */
const byStar = ({ text, hasStar }: Word): readonly ShellLook[] | undefined => {
  if (!hasStar) return []
  const scan = starred(text)
  return scan && [scan]
}

const beside: Looking = (args) => each(args, (word) => (isFlag(word) ? [] : byStar(word)))

/** Of single files alone: it sees into a folder that it takes away or copies, and shows nothing of it. */
const handling: Looking = (args) =>
  args.some((word) => isFlag(word) && /r/i.test(word.text)) ? undefined : beside(args)

const BY_FOLDER: ShellLook = { isByFolder: true }

const HERE: Word = { text: '.', hasStar: false }

/** Folders, or what a star stands for. */
function folders(args: readonly Word[], of: ShellLook): readonly ShellLook[] | undefined {
  const given = args.filter((word) => !isFlag(word))
  return each(given.length === 0 ? [HERE] : given, (word) =>
    word.text.includes('*') ? byStar(word) : [{ ...of, under: folder(word.text) }],
  )
}

const ls: Looking = (args) => {
  const flags = args.filter(isFlag).map(({ text }) => text)
  if (!flags.every((flag) => /^-[1AFRSahlprst]+$/.test(flag))) return undefined
  return folders(args, flags.some((flag) => flag.includes('R')) ? BY_FOLDER : { isFlat: true })
}

const tree: Looking = (args) =>
  args.filter(isFlag).every(({ text }) => text === '-a') ? folders(args, BY_FOLDER) : undefined

/** `find . -type f -name '*.md'`, and no other tests. */
const find: Looking = (args) => {
  const at = args.findIndex(isFlag)
  const [given, tests] = at < 0 ? [args, []] : [args.slice(0, at), args.slice(at)]
  const said = tests.map(({ text }) => text).join(' ')
  const [is, ending] =
    /^(?:-type f ?)?(?:-name \*(\.\w+) ?)?(?:-type f ?)?(?:-print)?$/.exec(said) ?? []
  if (is === undefined || args.some(({ hasStar }) => hasStar)) return undefined
  return folders(given, ending === undefined ? {} : { ending })
}

/** `grep -rn -- 'a text' notes`, `grep -n text *.md`, `rg text`. */
function search(args: readonly Word[], isRg: boolean): readonly ShellLook[] | undefined {
  const end = args.findIndex((word) => !isFlag(word) || word.text === '--')
  const flags = args.slice(0, Math.max(0, end)).map(({ text }) => text)
  const [query, ...given] = args.slice(args[end]?.text === '--' ? end + 1 : end)
  const known = isRg ? /^-[FHNln]+$/ : /^-[EFHRhlnrs]+$/
  if (query === undefined || query.hasStar || !flags.every((flag) => known.test(flag)))
    return undefined
  const isPlain = flags.some((flag) => flag.includes('F')) || !/[.*+?^$()[\]{}|\\]/.test(query.text)
  if (!isPlain || query.text === '' || query.text.includes('\n') || given.some(isFlag))
    return undefined
  const isDeep = isRg || flags.some((flag) => /r/i.test(flag))
  // That of this shell reads its input then, and no folder.
  if (!isRg && isDeep && given.length === 0) return undefined
  // What a star stands for may be folders, which are searched to the ground.
  if (isDeep && given.some(({ hasStar }) => hasStar)) return undefined
  const scans = isDeep ? folders(given, {}) : beside(given)
  return scans?.map((scan) => ({ ...scan, query: query.text }))
}

const LOOKING: ReadonlyMap<string, Looking> = new Map<string, Looking>([
  ...'cat echo head mkdir pwd tail touch true wc'.split(' ').map((name) => [name, beside] as const),
  ...'cp rm'.split(' ').map((name) => [name, handling] as const),
  ...([
    ['ls', ls],
    ['tree', tree],
    ['find', find],
  ] as const),
  ['grep', (args) => search(args, false)],
  ['rg', (args) => search(args, true)],
])
