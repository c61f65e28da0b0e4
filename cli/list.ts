// enosys list: what there is, by reading directories; an entry is loaded for its one line only.
import { wrapped } from '../reports/layout.ts'
import { UsageError } from '../sim/core/assert.ts'
import { nearest } from '../sim/cpu/names.ts'
import { type Host, openHost } from '../sim/host/index.ts'
import { type Catalog, catalog, ENTRY_KINDS, type EntryKind } from '../testbed/catalog.ts'
import { sharesOf } from '../testbed/origins.ts'

const LISTS: Readonly<Record<string, readonly EntryKind[]>> = {
  scenarios: ['scenario'],
  suites: ['suite'],
  harnesses: ['kernel', 'adapter'],
  parts: ['part'],
  profiles: ['profile'],
  behaviours: ['behaviour'],
  faults: ['fault'],
  metrics: ['metric'],
  writers: ['writer'],
  experiments: ['experiment'],
}

interface Listed {
  readonly kind: EntryKind
  readonly id: string
  readonly about: string
}

type Fields = Readonly<Record<string, unknown>>

const text = (fields: Fields, ...names: readonly string[]): string => {
  for (const name of names) {
    const value = fields[name]
    if (typeof value === 'string') return value
    if (Array.isArray(value)) return value.join(', ')
  }
  return ''
}

function aboutOf(kind: EntryKind, fields: Fields): string {
  if (kind === 'adapter')
    return `${text(fields, 'package')} ${text(fields, 'version')}, the real one`
  if (kind === 'behaviour' || kind === 'fault') {
    const params = fields.params as Readonly<Record<string, { about: string }>>
    return Object.values(params)[0]?.about ?? ''
  }
  return text(fields, 'claim', 'about', 'mirrors', 'scenarios', 'file')
}

/** Profiles tell how much of them was measured. */
async function profiles(host: Host, entries: Catalog): Promise<Listed[]> {
  const { openProfiles } = await import('../testbed/house.ts')
  const profile = await openProfiles(host)
  const rows: Listed[] = []
  for (const id of await entries.ids('profile')) {
    const { about, origins } = await profile(id)
    const { measured, borrowed, assumed } = sharesOf(origins.values())
    const shares = `${measured} % measured, ${borrowed} % borrowed, ${assumed} % assumed`
    rows.push({ kind: 'profile', id, about: `${about} (${shares})` })
  }
  return rows
}

/** Among all else a profile says only what it is: the rest of its page is long, and not read. */
async function profilesInShort(host: Host, entries: Catalog): Promise<Listed[]> {
  const rows: Listed[] = []
  for (const id of await entries.ids('profile')) {
    const text = await host.read(`sim/cpu/profiles/${id}.yaml`)
    const about = /^about: *"?(.*?)"?$/m.exec(text)?.[1] ?? ''
    rows.push({ kind: 'profile', id, about })
  }
  return rows
}

async function listed(entries: Catalog, kind: EntryKind): Promise<Listed[]> {
  const rows: Listed[] = []
  for (const [id, entry] of await entries.all(kind))
    rows.push({ kind, id, about: aboutOf(kind, entry as Fields) })
  return rows
}

/** What the build found; undefined where nothing was built. */
async function built(host: Host): Promise<Listed[] | undefined> {
  const text = await host.read('list.json').catch(() => undefined)
  return text === undefined ? undefined : JSON.parse(text)
}

export default async function list(
  kind: string | undefined,
  { json }: { json?: boolean },
): Promise<number> {
  if (kind !== undefined && LISTS[kind] === undefined) {
    const names = Object.keys(LISTS)
    throw new UsageError(
      `nothing to list as '${kind}'. Nearest: ${nearest(kind, names)}. All: ${names.join(', ')}`,
    )
  }
  const host = openHost()
  const entries = catalog(host)
  const kinds =
    kind === undefined ? ENTRY_KINDS.filter((k) => k !== 'dialect') : (LISTS[kind] ?? [])
  const known = kind === undefined ? await built(host) : undefined
  const profilesOf = kind === undefined ? profilesInShort : profiles
  const all = (): Promise<Listed[][]> =>
    Promise.all(
      kinds.map((one) => (one === 'profile' ? profilesOf(host, entries) : listed(entries, one))),
    )
  const rows = known ?? (await all()).flat()
  if (json === true) {
    process.stdout.write(`${JSON.stringify(rows)}\n`)
    return 0
  }
  const width = Math.max(...rows.map(({ id }) => id.length))
  // Piped, a line an entry; for who reads it, as wide as fits.
  const { isTTY, columns = 100 } = process.stdout
  const room = isTTY ? Math.max(30, columns - width - 4) : Number.POSITIVE_INFINITY
  let last: string | undefined
  for (const { kind: group, id, about } of rows) {
    if (kind === undefined && group !== last)
      process.stdout.write(`${last === undefined ? '' : '\n'}${group}s\n`)
    last = group
    const lines = wrapped(about, room).map(
      (line, i) => `  ${(i === 0 ? id : '').padEnd(width)}  ${line}\n`,
    )
    process.stdout.write(lines.join(''))
  }
  return 0
}
