// The profiles on trial: every cell of the tables run through the machine, and again with an idea left out.

import type { Profile } from '../../sim/cpu/index.ts'
import type { Host } from '../../sim/host/index.ts'
import { calibrate, cells, type Lab, openLab, type Row } from '../calibrate.ts'
import type { Experiment } from '../experiment.ts'
import { type House, openHouse } from '../house.ts'
import { fitOneCurve, withoutDifficulty } from './ablations.ts'
import { lengthCells, passCells } from './cells.ts'
import { type Close, closeness } from './closeness.ts'
import { type Known, known } from './known.ts'
import { TABLES } from './models.ts'
import type { Around } from './recall.ts'

const SEED = 1

export interface Trial {
  readonly known: Known
  readonly profiles: readonly Profile[]
  readonly close: readonly Close[]
  /** The same cells of pass^k where no task is harder than another. */
  readonly withoutDifficulty: readonly Close[]
  /** The same cells of RULER and NoLiMa where one curve has to serve both. */
  readonly oneCurve: readonly Close[]
}

async function likeProfiles(house: House): Promise<Profile[]> {
  const ids = (await house.catalog.ids('profile')).filter((id) => id.startsWith('like-'))
  return Promise.all(ids.map((id) => house.profile(id)))
}

/** The published cells of these profiles, simulated. */
async function simulated(
  lab: Lab,
  ids: readonly string[],
  profiles: readonly Profile[],
): Promise<Close[]> {
  const all = (await lab.house.catalog.all('experiment')) as Map<string, Experiment>
  const close: Close[] = []
  for (const [id, experiment] of all) {
    if (!ids.includes(id)) continue
    const experiments = new Map([[id, experiment]])
    const own = profiles.filter(({ like }) => experiment.tables.some((table) => table in like))
    const found = cells({ experiments, profiles: own, published: lab.published })
    const rows = await calibrate(lab, found.cells)
    close.push(...rows.flatMap((row) => closeTo(lab, own, row)))
  }
  return close
}

function closeTo(lab: Lab, profiles: readonly Profile[], row: Row): Close[] {
  const like = profiles.find(({ name }) => name === row.profile)?.like ?? {}
  const found = closeness(lab.published, like, row)
  return found === undefined ? [] : [found]
}

/** Literal and semantic recall by one curve, fitted to both tables. */
function withOneCurve(known: Known, profile: Profile): Profile | undefined {
  const [literal, semantic] = [profile.like[TABLES.literal], profile.like[TABLES.semantic]]
  if (literal === undefined || semantic === undefined) return undefined
  const { floor, first, last, reach } = profile.recall
  const around: Around = {
    ...{ floor, first, last, reach, trained: 1e15, beyond: 1 },
    ...{ spread: known.spread, spoiled: 0 },
  }
  const { top, half, slope } = fitOneCurve(
    lengthCells(known.published, 'literal', literal),
    lengthCells(known.published, 'semantic', semantic),
    around,
  )
  const literalCurve = { literalTop: top, literalHalf: half, literalSlope: slope }
  const semanticCurve = { semanticTop: top, semanticHalf: half, semanticSlope: slope }
  return { ...profile, recall: { ...profile.recall, ...literalCurve, ...semanticCurve } }
}

const EXPERIMENTS = [
  ...['bfcl', 'toolbench', 'passk', 'ruler', 'nolima', 'position', 'compaction', 'agentdojo'],
  ...['stability', 'latency'],
]

export async function trial(host: Host): Promise<Trial> {
  const house = await openHouse(host)
  const lab = await openLab(house, SEED)
  const all = known(lab.published)
  const profiles = await likeProfiles(house)
  const flat = withoutDifficulty(passCells(lab.published), all.abilities, all.spread)
  const curves = profiles.flatMap((profile) => withOneCurve(all, profile) ?? [])
  return {
    known: all,
    profiles,
    close: await simulated(lab, EXPERIMENTS, profiles),
    withoutDifficulty: await simulated(
      { ...lab, domains: { ...lab.domains, ...flat } },
      ['passk'],
      profiles,
    ),
    oneCurve: await simulated(lab, ['ruler', 'nolima'], curves),
  }
}
