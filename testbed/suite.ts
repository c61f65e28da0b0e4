// A suite is data: scenarios with instances, trials and profiles. A list of scenarios or families on the
// command line is a suite made on the spot.
import { z } from 'zod'
import { UsageError } from '../sim/core/assert.ts'
import { unknownEntry } from './catalog.ts'
import type { House } from './house.ts'

const schema = z.strictObject({
  scenarios: z.array(z.string()).min(1),
  instances: z.int().min(1),
  trials: z.int().min(1),
  profiles: z.array(z.string()).min(1),
})

export interface Suite extends z.infer<typeof schema> {
  readonly name: string
}

/** @throws {UsageError} where a name is no scenario, family or suite. */
export async function suiteOf(house: House, names: readonly string[]): Promise<Suite> {
  const { catalog } = house
  const suites = await catalog.ids('suite')
  const scenarios = await catalog.ids('scenario')
  const load = async (id: string): Promise<Suite> => {
    const parsed = schema.safeParse(await catalog.entry('suite', id))
    if (!parsed.success)
      throw new UsageError(`suites/${id}.yaml: ${parsed.error.issues[0]?.message}`)
    return { ...parsed.data, name: id }
  }
  const quick = await load('quick')
  if (names.length === 0) return quick
  const [only] = names
  if (names.length === 1 && only !== undefined && suites.includes(only)) return load(only)
  const chosen = new Set<string>()
  for (const name of names) {
    const members = scenarios.filter((id) => id === name || id.startsWith(`${name}/`))
    const suite = suites.includes(name) ? (await load(name)).scenarios : []
    if (members.length + suite.length === 0)
      unknownEntry('scenario', name, [...scenarios, ...suites])
    for (const id of [...members, ...suite]) chosen.add(id)
  }
  return { ...quick, name: names.join(' '), scenarios: [...chosen] }
}
