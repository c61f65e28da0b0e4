// enosys list: what there is, by reading directories; an entry is loaded for its one line only.
import { UsageError } from '../sim/core/assert.ts'
import { nearest } from '../sim/cpu/index.ts'
import { openHost } from '../sim/host/index.ts'
import { type Catalog, catalog, ENTRY_KINDS, type EntryKind } from '../testbed/catalog.ts'

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
function shares(origins: readonly string[]): string {
  const count = (start: string): number =>
    origins.filter((origin) => origin.startsWith(start)).length
  const parts = [
    `${count('measured')} measured`,
    `${count('borrowed')} borrowed`,
    `${count('assumed')} assumed`,
  ]
  return origins.length === 0 ? '' : ` (${parts.join(', ')})`
}

/** The origins that a profile's own page states; a plain number is assumed. */
function originsIn(data: unknown): string[] {
  if (typeof data === 'number') return ['assumed']
  if (typeof data !== 'object' || data === null) return []
  if ('value' in data && 'origin' in data) return [String(data.origin)]
  return Object.values(data).flatMap(originsIn)
}

async function listed(entries: Catalog, kind: EntryKind): Promise<Listed[]> {
  const rows: Listed[] = []
  for (const [id, entry] of await entries.all(kind)) {
    const about = aboutOf(kind, entry as Fields)
    rows.push({ kind, id, about: kind === 'profile' ? about + shares(originsIn(entry)) : about })
  }
  return rows
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
  const entries = catalog(openHost())
  const kinds =
    kind === undefined ? ENTRY_KINDS.filter((k) => k !== 'dialect') : (LISTS[kind] ?? [])
  const rows: Listed[] = []
  for (const one of kinds) rows.push(...(await listed(entries, one)))
  if (json === true) {
    process.stdout.write(`${JSON.stringify(rows)}\n`)
    return 0
  }
  const width = Math.max(...rows.map(({ id }) => id.length))
  let last: string | undefined
  for (const { kind: group, id, about } of rows) {
    if (kind === undefined && group !== last)
      process.stdout.write(`${last === undefined ? '' : '\n'}${group}s\n`)
    last = group
    process.stdout.write(`  ${id.padEnd(width)}  ${about}\n`)
  }
  return 0
}
