// Predicate reads: who lists or searches files goes by all that fit, also by those that are not there yet. What
// a listing was of is inferred from what it showed: the folder, or the files of one kind in it, that it showed
// whole. A listing that was cut or filtered otherwise is not gone by.
import type { Look, Version } from './history.ts'
import type { Scanned } from './window.ts'

interface Shared {
  readonly order: ReadonlyMap<string, readonly Version[]>
  readonly start: ReadonlyMap<string, Version>
}

type Fits = (path: string, text: string | undefined) => boolean

/** Undefined where nobody can say what was looked for. */
export function lookOf(scanned: Scanned, { order, start }: Shared): Look | undefined {
  const { by, atMs, asOf, query } = scanned
  const found = query === undefined ? listed(scanned, { order, start }) : searched(query)
  if (found === undefined) return undefined
  const [saw, missed]: [Version[], Version[]] = [[], []]
  for (const [path, versions] of order) {
    let before = start.get(path)?.text
    let last: Version | undefined
    let first: Version | undefined
    for (const version of versions) {
      const isChange = found.fits(path, before) !== found.fits(path, version.text)
      before = version.text
      if (!isChange || version.by === by) continue
      if (version.place <= asOf) last = version
      else first ??= version
    }
    if (last !== undefined) saw.push(last)
    if (first !== undefined) missed.push(first)
  }
  return { by, atMs, says: found.says, saw, missed }
}

const searched = (query: string): { says: string; fits: Fits } => ({
  says: `files with '${query}' in them`,
  fits: (_path, text) => text?.includes(query) === true,
})

function listed(
  { under, shown, asOf }: Scanned,
  { order, start }: Shared,
): { says: string; fits: Fits } | undefined {
  const inFolder = (path: string, folder: string): boolean =>
    folder === '' || path.startsWith(`${folder}/`)
  const there = new Map([...start].map(([path, { text }]) => [path, text]))
  for (const [path, versions] of order)
    for (const { place, text } of versions) if (place <= asOf) there.set(path, text)
  const all = [...there].flatMap(([path, text]) => (text === undefined ? [] : [path]))
  const known = all.filter((path) => inFolder(path, under))
  const isShown = (path: string): boolean =>
    shown.includes(under === '' ? path : path.slice(under.length + 1))
  const told = known.filter(isShown)
  if (told.length === 0 && known.length > 0) return undefined
  const isWhole = told.length === known.length
  const folder = isWhole ? under : common(told)
  const kind = isWhole ? '' : commonKind(told)
  const fits: Fits = (path, text) =>
    text !== undefined && inFolder(path, folder) && path.endsWith(kind)
  if (known.some((path) => fits(path, '') && !isShown(path))) return undefined
  const where = folder === '' ? '' : ` in ${folder}`
  return { says: `which${kind === '' ? '' : ` ${kind}`} files there are${where}`, fits }
}

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))

/** The deepest folder that has all of these in it. */
function common(paths: readonly string[]): string {
  let folder = folderOf(paths[0] ?? '')
  while (folder !== '' && !paths.every((path) => path.startsWith(`${folder}/`)))
    folder = folderOf(folder)
  return folder
}

/** `.md` where all end so; empty where they differ. */
function commonKind(paths: readonly string[]): string {
  const [kind = '', ...others] = new Set(paths.map((path) => /\.[^./]+$/.exec(path)?.[0] ?? ''))
  return others.length === 0 ? kind : ''
}
