// The columns of a table: the share solved, what the family's metrics say, and what it cost.
import type { Metric } from './metric.ts'
import { costOf, type Prices } from './prices.ts'
import type { RunRecord } from './record.ts'
import { average, byInstance } from './units.ts'
import { isUnmeasured } from './unmeasured.ts'

export interface Column {
  /** A metric's id, or `solved`, `pass-k`, `tokens-per-solved`, `score`. */
  readonly id: string
  readonly title: string
  readonly about: string
  readonly unit: Metric['unit'] | 'score' | 'usd'
  readonly better: Metric['better']
  readonly restsOn: Metric['restsOn']
  /** Shown in every family's table, so not what this one is about. */
  readonly general: boolean
  /** Explains another column. */
  readonly detail: boolean
  /** What its numbers are called, from 0. */
  readonly names?: readonly string[]
}

const own = (id: string, title: string, about: string): Column => ({
  id,
  title,
  about,
  unit: 'share',
  better: 'more',
  restsOn: 'assumed',
  general: false,
  detail: false,
})

export const SOLVED = own(
  'solved',
  'solved',
  'mean over instances of the share of trials that passed, with its 95 % interval',
)

export const passKColumn = (k: number): Column =>
  own(
    'pass-k',
    `pass^${k}`,
    `how likely ${k} trials of an instance all pass, of instances with as many`,
  )

export const TOKENS: Column = {
  ...own('tokens-per-solved', 'tokens per solved job', 'tokens of all runs / runs solved'),
  unit: 'tokens',
  better: 'less',
}

export const COST: Column = {
  ...own('cost-per-solved', 'cost per solved job', 'US dollars of all runs / runs solved'),
  unit: 'usd',
  better: 'less',
}

export const SCORE: Column = {
  ...own(
    'score',
    'score',
    'primary metric: (own - amnesiac) / (clairvoyant - amnesiac), on the same instances',
  ),
  unit: 'score',
}

export function metricColumn(id: string, of: Metric): Column {
  const { title, about, unit, better, restsOn, families, detail = false, names } = of
  const general = families === undefined
  const column = { id, title, about, unit, better, restsOn, general, detail }
  return names === undefined ? column : { ...column, names }
}

/** One cell of a metric's column, by the metric's rule; null where no run says anything. */
export function cellOf(id: string, of: Metric, records: readonly RunRecord[]): number | null {
  const values = (runs: readonly RunRecord[]): number[] =>
    runs.flatMap((run) => run.metrics[id] ?? [])
  const known = values(records)
  if (known.length === 0) return null
  if (of.cell === 'least') return Math.min(...known)
  if (of.cell === 'per-solved') return perSolved(sumOf(known), records)
  const instances = [...byInstance(records).values()]
  const mean = average(instances.flatMap((runs) => average(values(runs)) ?? [])) ?? 0
  return scaled(of, mean)
}

/** Of a hundred runs, where a metric says so. A whole number stays one: 0.07 times 100 is 7. */
export const scaled = ({ cell }: Metric, mean: number): number =>
  cell === 'in-100-runs' ? Math.round(mean * 1e8) / 1e6 : mean

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)

/** Null where a run's tokens are not known. */
export function costPerSolved(records: readonly RunRecord[], prices: Prices): number | null {
  const costs = records.map((record) => costOf(record, prices))
  const known = costs.filter((cost) => cost !== null)
  return known.length < costs.length ? null : perSolved(sumOf(known), records)
}

/** What a run took of which nothing is known is taken for what the others took in the mean. */
export function tokensPerSolved(records: readonly RunRecord[]): number | null {
  const known = records.filter((record) => !isUnmeasured(record) || record.tokens > 0)
  const mean = average(known.map(({ tokens }) => tokens))
  return mean === null ? null : perSolved(mean * records.length, records)
}

function perSolved(total: number, records: readonly RunRecord[]): number | null {
  const solved = records.filter(({ verdict }) => verdict === 'pass').length
  return solved === 0 ? null : total / solved
}
