// A suite is data: scenarios with instances, trials and profiles. A list of scenarios or families on the
// command line is a suite made on the spot.
import { z } from 'zod'
import { UsageError } from '../sim/core/assert.ts'
import { unknownEntry } from './catalog.ts'
import { generically, isGeneric, plainly } from './generic.ts'
import type { House } from './house.ts'
import { parseScenario } from './run-id.ts'

const schema = z.strictObject({
  about: z.string(),
  /** Scenarios, with parameters or without, families or other suites. */
  scenarios: z.array(z.string()).min(1),
  instances: z.int().min(1),
  trials: z.int().min(1),
  profiles: z.array(z.string()).min(1),
  /** `generic`: judged by what no harness may do, not by the scenarios' own questions. */
  checks: z.enum(['own', 'generic']).default('own'),
})

/** Its scenarios are all named, `scenario` or `scenario[attack=0]`. */
export interface Suite extends z.infer<typeof schema> {
  readonly name: string
}

/** @throws {UsageError} where a name is no scenario, family or suite. */
export async function suiteOf(house: House, names: readonly string[]): Promise<Suite> {
  const { catalog } = house
  const suites = await catalog.ids('suite')
  const scenarios = await catalog.ids('scenario')
  const load = async (id: string, within: readonly string[] = []): Promise<Suite> => {
    const where = `suites/${id}.yaml`
    if (within.includes(id)) throw new UsageError(`${where}: contains itself`)
    const parsed = schema.safeParse(await catalog.entry('suite', id))
    if (!parsed.success) throw new UsageError(`${where}: ${parsed.error.issues[0]?.message}`)
    const chosen = await membersOf(parsed.data.scenarios, [...within, id])
    const isGeneric = parsed.data.checks === 'generic'
    return { ...parsed.data, name: id, scenarios: isGeneric ? chosen.map(generically) : chosen }
  }
  /** A family goes before the suite of its name, which is made of it. */
  const membersOf = async (of: readonly string[], within: readonly string[]): Promise<string[]> => {
    const chosen = new Set<string>()
    for (const text of of) {
      const { scenario: name } = parseScenario(text)
      const plain = plainly(name)
      const members = scenarios.filter((id) => id === plain || id.startsWith(`${plain}/`))
      const suite = members.length === 0 && suites.includes(text)
      if (members.length === 0 && !suite) unknownEntry('scenario', name, [...scenarios, ...suites])
      const found = suite ? (await load(text, within)).scenarios : members
      const set = text.trim().slice(name.length)
      for (const id of found) chosen.add((isGeneric(name) ? generically(id) : id) + set)
    }
    return [...chosen]
  }
  const [only] = names
  if (only === undefined) return load('quick')
  if (names.length === 1 && suites.includes(only)) return load(only)
  const families = new Set(scenarios.map((id) => id.split('/')[0]))
  const whole = names.find((name) => suites.includes(name) && !families.has(name))
  if (whole !== undefined)
    throw new UsageError(
      `${whole}: a suite has sizes and profiles of its own, and stands alone; beside others name families or scenarios`,
    )
  return { ...(await load('quick')), name: names.join(' '), scenarios: await membersOf(names, []) }
}
