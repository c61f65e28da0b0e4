// Runs of the same question at temperature 0: how often all of them agree, by the letter (TARr) and in what
// they answer (TARa). Each run is worded otherwise with the model's probability, likelier for some questions
// than for others; a share of those states another answer. A task has a hardness, the same for all models.
import { shifted } from '../../sim/core/difficulty.ts'
import { bottom, least } from './search.ts'
import { logistic, overInstances } from './spread.ts'

export interface StabilityCell {
  readonly model: string
  readonly task: string
  readonly raw: number
  readonly parsed: number
}

export interface Stable {
  /** A run is worded otherwise, in the median question. */
  readonly rate: number
  /** One that is states another answer. */
  readonly answer: number
}

export interface Stability {
  readonly models: ReadonlyMap<string, Stable>
  /** On the logit, against ordinary questions. */
  readonly tasks: ReadonlyMap<string, number>
}

/** The shares of questions of which so many runs are all the same. */
export function agreement(
  { rate, answer }: Stable,
  at: { readonly hardness: number; readonly spread: number; readonly runs: number },
): { raw: number; parsed: number } {
  const hard = Math.exp(at.hardness)
  const over = (same: (worded: number) => number): number =>
    overInstances(at.spread, (odds) => same(shifted(rate, hard * odds)) ** at.runs)
  return { raw: over((worded) => 1 - worded), parsed: over((worded) => 1 - worded * answer) }
}

const SWEEPS = 12

export function fitStability(
  cells: readonly StabilityCell[],
  spread: number,
  runs: number,
): Stability {
  const models = new Map<string, Stable>(
    cells.map(({ model }) => [model, { rate: 0.2, answer: 0.1 }]),
  )
  const tasks = new Map(cells.map(({ task }) => [task, 0]))
  const missed = (own: readonly StabilityCell[], stable: (model: string) => Stable): number => {
    let sum = 0
    for (const { model, task, raw, parsed } of own) {
      const at = { hardness: tasks.get(task) ?? 0, spread, runs }
      const now = agreement(stable(model), at)
      sum += (now.raw - raw) ** 2 + (now.parsed - parsed) ** 2
    }
    return sum
  }
  const known = (model: string): Stable => models.get(model) ?? { rate: 0, answer: 0 }
  for (let n = 0; n < SWEEPS; n++) {
    for (const model of models.keys()) {
      const own = cells.filter((cell) => cell.model === model)
      const at = ([rate = 0, answer = 0]: readonly number[]): Stable => ({
        rate: logistic(rate),
        answer: logistic(answer),
      })
      const found = least(
        (x) => missed(own, () => at(x)),
        [
          { start: 0, min: -12, max: 6 },
          { start: -2, min: -8, max: 2 },
        ],
      )
      models.set(model, at(found))
    }
    for (const task of tasks.keys()) {
      const own = cells.filter((cell) => cell.task === task)
      const loss = (hardness: number): number => {
        tasks.set(task, hardness)
        return missed(own, known)
      }
      tasks.set(task, bottom(loss, [-8, 8]))
    }
    const mean = [...tasks.values()].reduce((sum, x) => sum + x, 0) / tasks.size
    for (const [task, hardness] of tasks) tasks.set(task, hardness - mean)
  }
  return { models, tasks }
}
