// The folder is the registry: an entry is a file, its path is its id, its default export is the entry.
import { parse } from 'yaml'
import { UsageError } from '../sim/core/assert.ts'
import { nearest } from '../sim/cpu/names.ts'
import type { Host } from '../sim/host/index.ts'

/** Where each kind of entry lives, and how deep. */
const KINDS = {
  scenario: { folder: 'scenarios', nested: true, data: false },
  suite: { folder: 'scenarios/suites', nested: false, data: true },
  kernel: { folder: 'harnesses/kernels', nested: false, data: false },
  adapter: { folder: 'harnesses/adapters', nested: false, data: false },
  part: { folder: 'harnesses/parts', nested: true, data: false },
  profile: { folder: 'sim/cpu/profiles', nested: false, data: true },
  behaviour: { folder: 'sim/cpu/behaviours', nested: false, data: false },
  dialect: { folder: 'sim/cpu/dialects', nested: false, data: false },
  fault: { folder: 'sim/faults', nested: false, data: false },
  metric: { folder: 'reports/metrics', nested: false, data: false },
  writer: { folder: 'reports/writers', nested: false, data: false },
  experiment: { folder: 'testbed/experiments', nested: false, data: false },
} as const

/** Folders beside the families: lists of scenarios, and what scenarios are made of. */
const NO_FAMILIES: ReadonlySet<string> = new Set(['suites', 'materials'])

export type EntryKind = keyof typeof KINDS

export const ENTRY_KINDS = Object.keys(KINDS) as EntryKind[]

export interface Catalog {
  /** In sorted order. */
  ids(kind: EntryKind): Promise<readonly string[]>
  /** The entry: a default export, or parsed YAML. @throws {UsageError} that offers the nearest id. */
  entry(kind: EntryKind, id: string): Promise<unknown>
  /** All entries of a kind, by id, in sorted order. */
  all(kind: EntryKind): Promise<Map<string, unknown>>
}

const plural = (kind: EntryKind): string =>
  kind === 'kernel' || kind === 'adapter' ? 'harnesses' : `${kind}s`

/** @throws {UsageError} `no scenario 'x'. Nearest: y. All: enosys list scenarios`. */
export function unknownEntry(kind: EntryKind, id: string, ids: readonly string[]): never {
  const shown = kind === 'kernel' ? 'harness' : kind
  const near = nearest(id, ids)
  const hint = near === undefined ? '' : ` Nearest: ${near}.`
  throw new UsageError(`no ${shown} '${id}'.${hint} All: enosys list ${plural(kind)}`)
}

const lineOf = (thrown: unknown): string => {
  const text = thrown instanceof Error ? thrown.message : String(thrown)
  return text.trim().split('\n')[0] ?? ''
}

/** An entry may be its reader's own: a mistake in it is theirs. @throws {UsageError} that names its file. */
async function moduleOf(host: Host, path: string): Promise<unknown> {
  const bad = (what: string): never => {
    throw new UsageError(`${path}.ts: ${what}`)
  }
  const entry = await host
    .load(path + host.extension)
    .catch((thrown: unknown) => bad(`does not load: ${lineOf(thrown)}`))
  if (typeof entry === 'object' && entry !== null) return entry
  return bad(
    entry === undefined
      ? 'has no default export, which would be the entry'
      : `the default export is a ${typeof entry}; expected the entry, an object`,
  )
}

export function catalog(host: Host): Catalog {
  const ids = async (kind: EntryKind): Promise<string[]> => {
    const { folder, nested, data } = KINDS[kind]
    const ending = data ? '.yaml' : host.extension
    const here = async (path: string): Promise<string[]> => {
      const names = await host.list(path)
      const own = names.filter((n) => n.endsWith(ending) && !n.endsWith('.d.ts'))
      return own.map((name) => name.slice(0, -ending.length)).filter((name) => name !== 'index')
    }
    if (!nested) return here(folder)
    const found: string[] = []
    for (const family of await host.list(folder)) {
      if (family.includes('.') || NO_FAMILIES.has(family)) continue
      for (const name of await here(`${folder}/${family}`)) found.push(`${family}/${name}`)
    }
    return found
  }
  const load = async (kind: EntryKind, id: string): Promise<unknown> => {
    const { folder, data } = KINDS[kind]
    if (data) return parse(await host.read(`${folder}/${id}.yaml`))
    return moduleOf(host, `${folder}/${id}`)
  }
  return {
    ids,
    async entry(kind, id) {
      const known = await ids(kind)
      if (!known.includes(id)) unknownEntry(kind, id, known)
      return load(kind, id)
    },
    async all(kind) {
      const all = await ids(kind)
      return new Map(await Promise.all(all.map(async (id) => [id, await load(kind, id)] as const)))
    },
  }
}
