// enosys show: one entry with its parameters, parts, constants and sources.
import { stringify } from 'yaml'
import { type PagedKernel, type Part, SLOTS, type Slot } from '../harnesses/kernel.ts'
import { UsageError } from '../sim/core/assert.ts'
import { MODEL, nearest } from '../sim/cpu/index.ts'
import { openHost } from '../sim/host/index.ts'
import { ENTRY_KINDS, type EntryKind } from '../testbed/catalog.ts'
import { type House, openHouse } from '../testbed/house.ts'
import { chainOf, partNames } from '../testbed/pages.ts'

type Plain = Record<string, unknown>

/** Data only: functions are left out. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null))

/** What a part is, without its policy. */
const partPage = ({ slot, about, source, constants }: Part): Plain => ({
  slot,
  about,
  source,
  ...(Object.keys(constants).length > 0 && { constants }),
})

/** A kernel's page: which parts stand in which slot, their constants, and where they are known from. */
async function kernelPage(house: House, entry: PagedKernel): Promise<Plain> {
  const { mirrors, users } = entry
  if (!('page' in entry)) return { mirrors, users }
  const { system, retries, nativeWindowTokens, failsUnder } = entry.page
  const name = await partNames(house.catalog)
  const parts = (Object.keys(SLOTS) as Slot[]).flatMap((slot) => {
    const chain = chainOf(entry.page, slot).map((part) => {
      const { slot: _, ...page } = partPage(part)
      return { part: name(part), ...page }
    })
    return chain.length === 0 ? [] : [[slot, chain.length === 1 ? chain[0] : chain]]
  })
  return {
    mirrors,
    users,
    slots: Object.fromEntries(parts),
    retriesMs: retries,
    ...(nativeWindowTokens !== undefined && { nativeWindowTokens }),
    ...(failsUnder !== undefined && { failsUnder }),
    system,
  }
}

/** Every parameter with value, unit, range and origin. */
async function profilePage(house: House, id: string): Promise<Plain> {
  const profile = await house.profile(id)
  const page: Plain = { about: profile.about }
  for (const [group, params] of Object.entries(MODEL)) {
    page[group] = Object.fromEntries(
      Object.entries(params).map(([name, { unit, min, max }]) => {
        const value = (profile[group as keyof typeof MODEL] as Readonly<Record<string, number>>)[
          name
        ]
        const origin = profile.origins.get(`${group}.${name}`)
        return [name, `${value} ${unit} in [${min}, ${max}], ${origin}`]
      }),
    )
  }
  for (const table of ['behaviours', 'faults'] as const) {
    page[table] = Object.fromEntries(
      Object.entries(profile[table]).map(([entry, params]) => [
        entry,
        Object.fromEntries(
          Object.entries(params).map(([name, value]) => [
            name,
            `${value}, ${profile.origins.get(`${table}.${entry}.${name}`)}`,
          ]),
        ),
      ]),
    )
  }
  return page
}

async function pageOf(house: House, kind: EntryKind, id: string): Promise<Plain> {
  if (kind === 'profile') return profilePage(house, id)
  const entry = await house.catalog.entry(kind, id)
  if (kind === 'part') return partPage(entry as Part)
  return kind === 'kernel' ? kernelPage(house, entry as PagedKernel) : (plain(entry) as Plain)
}

export default async function show(id: string, { json }: { json?: boolean }): Promise<number> {
  const house = await openHouse(openHost())
  const all: string[] = []
  let found = 0
  for (const kind of ENTRY_KINDS) {
    const ids = await house.catalog.ids(kind)
    all.push(...ids)
    // `paging` is `context/paging`, where no entry is called just so.
    for (const one of ids.filter((known) => known === id || known.endsWith(`/${id}`))) {
      found++
      const what = kind === 'kernel' ? 'harness' : kind
      const page = { [what]: one, ...(await pageOf(house, kind, one)) }
      process.stdout.write(
        json === true ? `${JSON.stringify(page)}\n` : stringify(page, { lineWidth: 98 }),
      )
    }
  }
  if (found === 0)
    throw new UsageError(`no entry '${id}'. Nearest: ${nearest(id, all)}. All: enosys list`)
  return 0
}
