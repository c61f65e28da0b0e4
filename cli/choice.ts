// What is chosen on the command line alike by several commands: harnesses and profiles.
import { UsageError } from '../sim/core/assert.ts'
import { installed } from '../sim/host/install.ts'
import { canonical, type House, splitHarnesses } from '../testbed/house.ts'

const CONTROLS = ['clairvoyant', 'amnesiac', 'idle']
const REFERENCES = ['loop', 'micro', 'monolith', 'best']
export const list = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')

/** The harnesses asked for, with their controls; one's own agent is shown beside reference kernels. */
export async function harnessesOf(
  options: { readonly harness?: string; readonly controls: boolean },
  house: House,
): Promise<string[]> {
  const { host, catalog } = house
  const controls = options.controls ? CONTROLS : []
  if (options.harness === undefined) {
    const adapters = []
    for (const id of await catalog.ids('adapter')) {
      const found = await house.harness(id)
      if (found.kind === 'adapter' && installed(found.adapter, host.adapters) !== undefined)
        adapters.push(id)
    }
    return [...controls, ...REFERENCES, ...adapters]
  }
  const asked = splitHarnesses(options.harness).map((id) => canonical(host, id))
  if (asked.length === 0) throw new UsageError('--harness: names none. All: enosys list harnesses')
  const references = asked.every((id) => id.includes('#')) ? REFERENCES : []
  return [...new Set([...controls, ...references, ...asked])]
}

/** @throws {UsageError} where none is named, or one does not exist. */
export async function profilesOf(text: string, house: House): Promise<string[]> {
  const ids = [...new Set(list(text).map((id) => canonical(house.host, id)))]
  if (ids.length === 0) throw new UsageError('--profile: names none. All: enosys list profiles')
  for (const id of ids) await house.profile(id)
  return ids
}
