// Predicate reads: who lists or searches files goes by all that fit, also by those that are not there yet. What
// a listing was of is inferred from what it showed: the folder, or the files of one kind in it, that it showed
// whole. A listing that was cut or filtered otherwise is not gone by.
import type { Look, Version } from './history.ts'
import type { Scanned } from './window.ts'

interface Shared {
  /** By path: every version that all could see, and those of them that were final and committed. */
  readonly stood: ReadonlyMap<string, readonly Version[]>
  readonly order: ReadonlyMap<string, readonly Version[]>
  readonly start: ReadonlyMap<string, Version>
}

type Fits = (path: string, text: string | undefined) => boolean

/** Undefined where nobody can say what was looked for. */
export function lookOf(scanned: Scanned, shared: Shared): Look | undefined {
  const { by, atMs, asOf, query } = scanned
  const found = query === undefined ? listed(scanned, shared) : searched(scanned, query)
  if (found === undefined) return undefined
  const [saw, missed]: [Version[], Version[]] = [[], []]
  for (const [path, versions] of shared.order) {
    const standing = shared.stood.get(path)?.findLast(({ place }) => place <= asOf)
    const isInMaking = ({ by, text }: Version): boolean =>
      standing?.by === by && found.fits(path, standing?.text) === found.fits(path, text)
    let before = shared.start.get(path)?.text
    let last: Version | undefined
    let first: Version | undefined
    for (const version of versions) {
      const isChange = found.fits(path, before) !== found.fits(path, version.text)
      before = version.text
      if (!isChange || version.by === by) continue
      if (version.place <= asOf) last = version
      // Its writer was at it, and as good as done.
      else if (!isInMaking(version)) first ??= version
    }
    if (last !== undefined) saw.push(last)
    if (first !== undefined) missed.push(first)
  }
  for (const [path, versions] of shared.stood) {
    const standing = versions.findLast(({ place }) => place <= asOf)
    if (standing === undefined) continue
    const proper = properOf(standing, versions) ?? shared.start.get(path)
    if (found.fits(path, standing.text) !== found.fits(path, proper?.text)) saw.push(standing)
  }
  return { by, atMs, says: found.says, saw, missed }
}

/** What would have stood there, had its writer been done, or never been there; undefined as at the start. */
function properOf(standing: Version, versions: readonly Version[]): Version | undefined {
  if (standing.by?.fate === 'committed')
    return versions.find(({ by, isFinal }) => by === standing.by && isFinal)
  const isProper = ({ by, place }: Version): boolean =>
    by?.fate === 'committed' && place < standing.place
  return versions.findLast(isProper)
}

const searched = (scanned: Scanned, query: string): { says: string; fits: Fits } => ({
  says: `files with '${query}' in them${where(scanned.under)}`,
  fits: (path, text) => isSought(path, scanned) && text?.includes(query) === true,
})

/** Hidden files are passed over: a shell does so. */
const isSought = (path: string, { under, isFlat = false, ending = '' }: Scanned): boolean => {
  if (!inFolder(path, under) || !path.endsWith(ending) || /(?:^|\/)\./.test(path)) return false
  return !isFlat || folderOf(path) === under
}

const inFolder = (path: string, folder: string): boolean =>
  folder === '' || path.startsWith(`${folder}/`)

const where = (folder: string): string => (folder === '' ? '' : ` in ${folder}`)

/** By so many characters a text is known again. */
const TELLING = 3

function listed(
  scanned: Scanned,
  { stood, start }: Shared,
): { says: string; fits: Fits } | undefined {
  const { under, isFlat = false, ending = '', shown, asOf } = scanned
  // Of which files it is a listing is known, or else to be seen from those that it showed.
  const isKnown = isFlat || ending !== ''
  const there = new Map([...start].map(([path, { text }]) => [path, text]))
  for (const [path, versions] of stood)
    for (const { place, text } of versions) if (place <= asOf) there.set(path, text)
  const known = [...there].flatMap(([path, text]) =>
    text !== undefined && isSought(path, scanned) ? [{ path, text: text.trim() }] : [],
  )
  const names = namesIn(shown)
  const told = known.filter(
    ({ path, text }) =>
      names.has(path) ||
      names.has(under === '' ? path : path.slice(under.length + 1)) ||
      (isKnown && text.length >= TELLING && shown.includes(text)),
  )
  const isWhole = told.length === known.length
  if (!isWhole && isKnown) return undefined
  const paths = told.map(({ path }) => path)
  const folder = isWhole ? under : common(paths)
  const kind = isWhole ? ending : commonKind(paths)
  const fits: Fits = (path, text) =>
    text !== undefined && isSought(path, scanned) && inFolder(path, folder) && path.endsWith(kind)
  if (known.some((one) => fits(one.path, '') && !told.includes(one))) return undefined
  return { says: `which${kind === '' ? '' : ` ${kind}`} files there are${where(folder)}`, fits }
}

/** Whole lines, and whole words of them, from where the files begin. */
function namesIn(shown: string): ReadonlySet<string> {
  const lines = shown.split('\n').map((line) => line.trim())
  const words = shown.split(/(?:[\s"'`,;:()[\]{}<>|*]|\\[nrt])+/)
  return new Set(
    [...lines, ...words].map((name) => name.replace(/^(?:\.?\/)*(?:workspace\/)?/, '')),
  )
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
