// What is fitted over all models of a table at once, and then shared by their profiles.
import type { Published } from '../published.ts'
import { type Abilities, fitAbilities, median, type Spoiling } from './ability.ts'
import { type Look, looking, passCells, placeCells, RUNS, stabilityCells } from './cells.ts'
import { type Model, type Part, TABLES } from './models.ts'
import { fitPosition, type Placed } from './position.ts'
import { fitStability, type Stability } from './stability.ts'

export interface Known {
  readonly published: Published
  readonly look: Look
  /** Of difficulty between instances, in logits: that of the domain in the middle. */
  readonly spread: number
  readonly abilities: Abilities
  readonly stability: Stability
  /** The position that models without one of their own take, with the top it was found at. */
  readonly position: Placed
  /** Phantoms in tests with native calling, over all its models: too few to tell them apart. */
  readonly phantoms: { readonly share: number; readonly models: number }
}

/** Odds of the other lapses of the models of tasks, which no table has; assumed. */
export const TASK_LAPSES: Spoiling = { use: 0.0015, turn: 0.0003 }
/** With those that spoil a task now and then: calls made again, calls that could not be read. */
export const TASK_SPOILING: Spoiling = { use: 0.0015, turn: 0.0007 }

/**
 * The tasks of traced episodes, in spreads. They differ little: 42 of 600 have all 67 phantoms, hardly fewer
 * than a chain makes that goes the same way in every task. Those of the strong model are easy for it: its
 * errors are the world's, none is a malformed or mistaken call.
 */
export const EPISODES = {
  toolbench: { hardness: 0.8, ratio: 0.3 },
  'tau-airline': { hardness: -0.6, ratio: 0.3 },
} as const

/** The mildest of three: a model of whom it was not measured is taken to be like it. */
export const POSITION_OF = 'mpt-30b-instruct'

export function known(published: Published): Known {
  const look = looking(published)
  const abilities = fitAbilities(passCells(published), TASK_SPOILING)
  const spread = median([...abilities.domains.values()].map((domain) => domain.spread))
  const native = (published.get(TABLES.calls)?.rows ?? []).filter(
    ({ model, metric }) => model.includes('-FC') && metric === 'phantom_tool_pct_of_tests',
  )
  const mean = native.reduce((sum, { value }) => sum + value / 100, 0) / native.length
  const phantoms = { share: mean, models: native.length }
  const position = fitPosition(placeCells(published, POSITION_OF), spread, 0)
  const stability = fitStability(stabilityCells(published), spread, RUNS)
  return { published, look, spread, abilities, stability, position, phantoms }
}

/** The model whose numbers of a table a profile takes, and how it says so; undefined where it takes none. */
export function source(
  { like, borrows }: Model,
  part: Part,
): { readonly name: string; readonly origin: string; readonly isOwn: boolean } | undefined {
  const own = like[part]
  const name = own ?? borrows[part]
  if (name === undefined) return undefined
  const isOwn = own !== undefined
  const origin = `${isOwn ? 'measured on' : 'borrowed from'} ${name} (${TABLES[part]})`
  return { name, origin, isOwn }
}
