// pass^k: the chance that a task succeeds in k trials out of k, as on tau2-bench's leaderboard. A task's
// difficulty is normal and moves the logits of all lapses; a domain has a hardness and a spread, a model one
// ability (Rasch, 1960). Without the spread, pass^2 would be the square of pass^1.
import { bottom, solve } from './search.ts'
import { overInstances } from './spread.ts'

export interface PassCell {
  readonly model: string
  readonly domain: string
  readonly pass1: number
  readonly pass2: number
}

export interface Domain {
  /** On the logit of each lapse, against ordinary cases. */
  readonly hardness: number
  /** Spread of difficulty between its tasks, in logits. */
  readonly spread: number
}

export interface Abilities {
  /** Log odds that a fact is misread, in the median case of ordinary hardness, by model. */
  readonly models: ReadonlyMap<string, number>
  readonly domains: ReadonlyMap<string, Domain>
}

/** Odds of the other lapses that spoil a task: of a turn that uses a fact, and of any turn. */
export interface Spoiling {
  readonly use: number
  readonly turn: number
}

const cube = (x: number): number => x * x * x

/** Success of one trial where lapses are so much likelier: three turns that use a fact, three that do not. */
export const success = (misread: number, { use, turn }: Spoiling, odds: number): number =>
  1 / cube((1 + (misread + use + turn) * odds) * (1 + turn * odds))

/** pass^k over the tasks of a domain. */
export function pass(logMisread: number, domain: Domain, k: number, spoiling: Spoiling): number {
  const misread = Math.exp(logMisread)
  const hard = Math.exp(domain.hardness)
  return overInstances(
    domain.spread,
    (odds) => success(misread, spoiling, Math.min(1e12, hard * odds)) ** k,
  )
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, x) => sum + x, 0) / Math.max(1, values.length)

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (i: number): number => sorted[i] ?? 0
  const half = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? at(half) : (at(half - 1) + at(half)) / 2
}

const NOTHING_ELSE: Spoiling = { use: 0, turn: 0 }

/** The spread at which pass^2 is met best over a domain's models, each at its own pass^1. */
export function spreadOf(cells: readonly PassCell[]): number {
  const bias = (spread: number): number =>
    mean(
      cells.map(({ pass1, pass2 }) => {
        const at = { hardness: 0, spread }
        const own = solve((log) => -pass(log, at, 1, NOTHING_ELSE), -pass1, [-30, 30])
        return pass(own, at, 2, NOTHING_ELSE) - pass2
      }),
    )
  return solve(bias, 0, [0, 8])
}

/** The ability at which a model's cells are met best, the domains being as they are. */
export const abilityOf = (
  cells: readonly PassCell[],
  domains: ReadonlyMap<string, Domain>,
  spoiling: Spoiling,
): number => bottom((log) => misses(cells, () => log, domains, spoiling), [-14, 4])

function misses(
  cells: readonly PassCell[],
  ability: (model: string) => number,
  domains: ReadonlyMap<string, Domain>,
  spoiling: Spoiling,
): number {
  let sum = 0
  for (const { model, domain, pass1, pass2 } of cells) {
    const at = domains.get(domain) ?? { hardness: 0, spread: 0 }
    const log = ability(model)
    sum += (pass(log, at, 1, spoiling) - pass1) ** 2 + (pass(log, at, 2, spoiling) - pass2) ** 2
  }
  return sum
}

const SWEEPS = 15

/** Abilities and hardness by turns, each at its best; the domain in the middle is of ordinary hardness. */
export function fitAbilities(cells: readonly PassCell[], spoiling: Spoiling): Abilities {
  const names = [...new Set(cells.map(({ domain }) => domain))]
  const own = (name: string): PassCell[] => cells.filter(({ domain }) => domain === name)
  const domains = new Map(names.map((name) => [name, { hardness: 0, spread: spreadOf(own(name)) }]))
  const models = new Map(cells.map(({ model }) => [model, Math.log(0.02)]))
  const ability = (model: string): number => models.get(model) ?? 0
  for (let n = 0; n < SWEEPS; n++) {
    for (const name of names) {
      const spread = domains.get(name)?.spread ?? 0
      const loss = (hardness: number): number =>
        misses(own(name), ability, new Map([[name, { hardness, spread }]]), spoiling)
      domains.set(name, { hardness: bottom(loss, [-6, 8]), spread })
    }
    const middle = median([...domains.values()].map(({ hardness }) => hardness))
    for (const [name, { hardness, spread }] of domains)
      domains.set(name, { hardness: hardness - middle, spread })
    for (const model of models.keys()) {
      const its = cells.filter((cell) => cell.model === model)
      models.set(model, abilityOf(its, domains, spoiling))
    }
  }
  return { models, domains }
}
