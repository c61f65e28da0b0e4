// All that a run is made of, loaded by name: scenarios, harnesses, profiles, behaviours, faults, metrics.
import type { Adapter } from '../harnesses/adapter.ts'
import type { Kernel, PagedKernel } from '../harnesses/kernel.ts'
import type { Metric } from '../reports/metric.ts'
import { COMMON, paramsOf, type Scenario } from '../scenarios/scenario.ts'
import type { BootableKernel } from '../sim/boot.ts'
import { UsageError } from '../sim/core/assert.ts'
import { type Tokens, tokens } from '../sim/core/tokens.ts'
import {
  type Behaviour,
  type Dialect,
  Offers,
  type Profile,
  profileOf,
  type Settable,
} from '../sim/cpu/index.ts'
import type { Fault } from '../sim/faults/index.ts'
import { contentHash, type Host } from '../sim/host/index.ts'
import { loadFresh } from '../sim/host/load.ts'
import { openShell } from '../sim/host/shell.ts'
import type { Shell } from '../sim/world/shell.ts'
import { altered } from './altered.ts'
import { type Catalog, catalog, unknownEntry } from './catalog.ts'
import { checkParams } from './drawn.ts'
import { generic, isGeneric, plainly } from './generic.ts'
import { checkMetrics } from './own-metrics.ts'
import { inDraw, redrawn, redrawOf } from './redrawn.ts'
import { withoutSwarm } from './run-id.ts'
import { kernelOfUser } from './user-harness.ts'
import { readYaml } from './user-yaml.ts'

export type Harness =
  | {
      readonly kind: 'kernel'
      readonly isForeign: boolean
      readonly isControl: boolean
      readonly make: () => BootableKernel | Promise<BootableKernel>
    }
  | { readonly kind: 'adapter'; readonly id: string; readonly adapter: Adapter }

export interface House {
  readonly host: Host
  readonly catalog: Catalog
  readonly behaviours: ReadonlyMap<string, Behaviour>
  readonly faults: ReadonlyMap<string, Fault>
  readonly offers: Offers
  readonly metrics: ReadonlyMap<string, Metric>
  readonly tokens: Tokens
  readonly shell: Shell
  scenario(id: string): Promise<Scenario>
  profile(id: string): Promise<Profile>
  /** A user's file is not loaded by this, but by `make`, in the run. */
  harness(id: string): Promise<Harness>
}

/** A file of the user's, not the id of an entry. */
export const isPath = (id: string): boolean =>
  /^[./]/.test(id) || /\.(ts|js|mjs|cjs|yaml|yml)(#|$)/.test(id)

/** A user's file with the hash of its content: how a RUN_ID names it. @throws {UsageError} where missing. */
export function withHash(host: Host, path: string): string {
  const bare = path.split('#')[0] ?? path
  const text = host.readUser(bare)
  if (text === undefined) throw new UsageError(`${bare}: no such file`)
  return `${bare}#${contentHash(text)}`
}

/** The id as a RUN_ID bears it: a user's file gets its hash. */
export function canonical(host: Host, id: string): string {
  const redraw = redrawOf(id)
  if (redraw !== undefined) return inDraw(canonical(host, redraw.base), redraw.n)
  return isPath(id) ? withHash(host, id) : id
}

/** `a,b+slot=x,slot=y,c`: an item that only sets a slot belongs to the harness before it. */
export function splitHarnesses(text: string): string[] {
  const items: string[] = []
  for (const item of text.split(',').filter((part) => part !== '')) {
    const last = items.at(-1)
    const isSlot = item.includes('=') && !item.includes('+') && !isPath(item)
    if (isSlot && last?.includes('+')) items[items.length - 1] = `${last},${item}`
    else items.push(item)
  }
  return items
}

const remembered = <V>(load: (id: string) => Promise<V>): ((id: string) => Promise<V>) => {
  const known = new Map<string, Promise<V>>()
  return (id) => {
    const found = known.get(id) ?? load(id)
    known.set(id, found)
    return found
  }
}

export async function openHouse(host: Host): Promise<House> {
  const entries = catalog(host)
  const behaviours = (await entries.all('behaviour')) as Map<string, Behaviour>
  const faults = (await entries.all('fault')) as Map<string, Fault>
  const dialects = [...(await entries.all('dialect')).values()] as Dialect[]
  const metrics = (await entries.all('metric')) as Map<string, Metric>
  checkMetrics(metrics)
  const settable = { behaviours: paramsIn(behaviours), faults: paramsIn(faults) }
  const profile = profilesOf(host, entries, settable)
  const counted = tokens()
  return {
    host,
    catalog: entries,
    behaviours,
    faults,
    offers: new Offers(dialects, counted),
    metrics,
    tokens: counted,
    shell: openShell(),
    scenario: remembered(async (id) => {
      const entry = (await entries.entry('scenario', plainly(id))) as Scenario
      checkParams(id, entry)
      return isGeneric(id) ? generic(entry, metrics) : entry
    }),
    profile: remembered((id) => profile(withoutSwarm(id))),
    harness: remembered((id) => harnessOf(host, entries, id)),
  }
}

/** Profiles alone, without the rest of the house. */
export async function openProfiles(host: Host): Promise<(id: string) => Promise<Profile>> {
  const entries = catalog(host)
  const behaviours = (await entries.all('behaviour')) as Map<string, Behaviour>
  const faults = (await entries.all('fault')) as Map<string, Fault>
  return profilesOf(host, entries, {
    behaviours: paramsIn(behaviours),
    faults: paramsIn(faults),
  })
}

/** Profiles by id or file, each with what it extends. */
function profilesOf(host: Host, entries: Catalog, settable: Settable) {
  const load = async (id: string, heirs: readonly string[]): Promise<Profile> => {
    const bare = id.split('#')[0] ?? id
    const where = isPath(id) ? bare : `profiles/${id}.yaml`
    if (heirs.includes(where)) throw new UsageError(`${where} extends itself`)
    const data = isPath(id) ? readYaml(host, bare) : await entries.entry('profile', id)
    const found = profileOf(data, settable, where, await baseOf(data, where, heirs))
    return { ...found, name: isPath(id) ? withHash(host, id) : id }
  }
  const baseOf = async (
    data: unknown,
    where: string,
    heirs: readonly string[],
  ): Promise<Profile | undefined> => {
    const base = (data as { extends?: unknown } | null)?.extends
    if (base === undefined) return undefined
    if (typeof base !== 'string')
      throw new UsageError(`${where}: extends: expected the id or the file of a profile`)
    try {
      return await load(base, [where, ...heirs])
    } catch (thrown) {
      if (!(thrown instanceof UsageError)) throw thrown
      throw new UsageError(`${where}: extends: ${thrown.message}`)
    }
  }
  return async (id: string): Promise<Profile> => {
    const redraw = redrawOf(id)
    if (redraw === undefined) return load(id, [])
    return redrawn(await load(redraw.base, []), redraw.n, settable)
  }
}

const paramsIn = <E extends { params: unknown }>(entries: ReadonlyMap<string, E>) =>
  Object.fromEntries([...entries].map(([id, { params }]) => [id, params])) as Record<
    string,
    E['params']
  >

async function harnessOf(host: Host, entries: Catalog, id: string): Promise<Harness> {
  if (isPath(id)) {
    const shown = id.split('#')[0] ?? id
    const make = async (): Promise<BootableKernel> =>
      kernelOfUser(await loadFresh(host.pathOf(shown), shown), shown)
    return { kind: 'kernel', isForeign: true, isControl: false, make }
  }
  const [name = '', overrides, more] = id.split('+')
  if (more !== undefined)
    throw new UsageError(
      `harness '${id}': one +, then slots with commas: ${name}+${overrides},${more}`,
    )
  const kernels = await entries.ids('kernel')
  const adapters = await entries.ids('adapter')
  if (adapters.includes(name)) {
    if (overrides !== undefined)
      throw new UsageError(`harness '${id}': ${name} is a real harness and has no slots to change`)
    return { kind: 'adapter', id: name, adapter: (await entries.entry('adapter', name)) as Adapter }
  }
  if (!kernels.includes(name)) unknownEntry('kernel', name, [...kernels, ...adapters])
  const base = (await entries.entry('kernel', name)) as (Kernel & BootableKernel) | PagedKernel
  const isControl = 'isControl' in base && base.isControl === true
  if (overrides === undefined)
    return { kind: 'kernel', isForeign: false, isControl, make: () => base }
  if (!('page' in base))
    throw new UsageError(`harness '${id}': ${name} is not made of parts and has no slots to change`)
  const changed = await altered(entries, base, overrides)
  return { kind: 'kernel', isForeign: false, isControl: false, make: () => changed }
}

/** Parameters of a scenario that were set and differ from its defaults. @throws {UsageError} */
export function changedParams(
  id: string,
  entry: Scenario,
  set: Readonly<Record<string, number>>,
): Record<string, number> {
  const params = { ...entry.params, ...COMMON }
  const known = Object.fromEntries(
    Object.entries(set).filter(([name]) => Object.hasOwn(params, name)),
  )
  paramsOf(id, entry, known)
  return Object.fromEntries(
    Object.entries(known).filter(([name, value]) => params[name]?.default !== value),
  )
}
