// A lab for tests: an experiment at some conditions, under a profile, with few cases.
import type { Profile } from '../../sim/cpu/index.ts'
import { type Cell, calibrate, cells, openLab, type Row } from '../../testbed/calibrate.ts'
import type { Experiment, Value } from '../../testbed/experiment.ts'
import { house } from '../machine/rig.ts'

export const lab = await openLab(house, 1)
export const experiments = (await house.catalog.all('experiment')) as Map<string, Experiment>
export const typical = await house.profile('typical')
export const flawless = await house.profile('flawless')

export interface Asking {
  readonly profile?: Profile
  readonly instances?: number
}

type Asked = Readonly<Record<string, readonly Value[]>>

export function cellsOf(id: string, asked: Asked, { profile, instances = 8 }: Asking = {}): Cell[] {
  const experiment = experiments.get(id)
  if (experiment === undefined) throw new TypeError(`no experiment ${id}`)
  const { published } = lab
  const of = { experiments: new Map([[id, experiment]]), profiles: [profile ?? typical], published }
  return cells({ ...of, asked, instances }).cells
}

export const rowsFor = (id: string, asked: Asked, of: Asking = {}): Promise<Row[]> =>
  calibrate(lab, cellsOf(id, asked, of))

/** What was simulated, by condition and metric. */
export async function numbersFor(
  id: string,
  asked: Asked,
  of: Asking = {},
): Promise<Map<string, number>> {
  const rows = await rowsFor(id, asked, of)
  return new Map(rows.map((row) => [`${row.condition}: ${row.metric}`, row.simulated]))
}

type Groups = { readonly [G in keyof Profile]?: Partial<Profile[G]> }

/** A profile with some parameters set. */
export function withSet(
  profile: Profile,
  set: Groups,
  behaviours: Readonly<Record<string, Readonly<Record<string, number>>>> = {},
): Profile {
  const groups = Object.fromEntries(
    Object.entries(set).map(([group, values]) => [
      group,
      { ...(profile[group as keyof Profile] as object), ...(values as object) },
    ]),
  )
  const own = Object.fromEntries(
    Object.entries(behaviours).map(([id, params]) => [
      id,
      { ...profile.behaviours[id], ...params },
    ]),
  )
  return { ...profile, ...groups, behaviours: { ...profile.behaviours, ...own } }
}
