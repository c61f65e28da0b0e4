// The cells of the published tables, in the units in which they are fitted: shares of one, tokens, and
// milliseconds.
import { type Published, rowsOf } from '../published.ts'
import type { PassCell } from './ability.ts'
import type { CompactionCell } from './compaction.ts'
import type { LatencyCells } from './latency.ts'
import { type Part, TABLES } from './models.ts'
import type { PlaceCell } from './position.ts'
import type { LengthCell } from './recall.ts'
import type { StabilityCell } from './stability.ts'

/** One number of a model in a table, as published. */
export type Look = (part: Part, model: string, metric: string, condition?: string) => number

export const looking =
  (published: Published): Look =>
  (part, model, metric, condition) => {
    const row = rowsOf(published, TABLES[part], model).find(
      (one) => one.metric === metric && (condition === undefined || one.condition === condition),
    )
    return row?.value ?? Number.NaN
  }

export function lengthCells(
  published: Published,
  part: 'literal' | 'semantic',
  model: string,
): LengthCell[] {
  return rowsOf(published, TABLES[part], model).flatMap(({ condition, value }) => {
    const kilo = /^context (\d+)K$/.exec(condition)?.[1]
    const recall = value / 100
    if (kilo !== undefined) return [{ tokens: [Number(kilo) * 1000], recall }]
    return condition.startsWith('base') ? [{ tokens: BASE_TOKENS, recall }] : []
  })
}

/** What NoLiMa calls the base is taken over these. */
const BASE_TOKENS = [250, 500, 1000]

export const placeCells = (published: Published, model: string): PlaceCell[] =>
  rowsOf(published, TABLES.position, model).flatMap(({ condition, value }) => {
    if (condition.startsWith('QA oracle')) return [{ documents: 1, gold: 0, accuracy: value }]
    const [, documents, gold] = /^QA (\d+) docs gold_at (\d+)$/.exec(condition) ?? []
    return gold === undefined
      ? []
      : [{ documents: Number(documents), gold: Number(gold), accuracy: value }]
  })

/** Without means over runs that are cells of their own. */
export const compactionCells = (published: Published, model: string): CompactionCell[] =>
  rowsOf(published, TABLES.compaction, model).flatMap(({ condition, metric, value, n }) => {
    const share = /(\d+)% compacted/.exec(condition)?.[1]
    if (share === undefined || metric !== 'recall_pct' || condition.includes('mean of')) return []
    const cell = { share: Number(share) / 100, recall: value / 100, n: n ?? 1 }
    return [condition.includes('untouched') ? { ...cell, zone: 'untouched' as const } : cell]
  })

/** A submission's pass^1 stands right before its pass^2. A model's second submission is another model. */
export function passCells(published: Published): PassCell[] {
  const rows = published.get(TABLES.tasks)?.rows ?? []
  const cells: PassCell[] = []
  for (const [i, { model, condition: domain, metric, value }] of rows.entries()) {
    const next = rows[i + 1]
    if (metric !== 'pass^1_pct' || next?.metric !== 'pass^2_pct' || next.model !== model) continue
    const before = cells.filter((cell) => cell.model.startsWith(`${model}#`))
    const n = before.filter((cell) => cell.domain === domain).length
    cells.push({ model: `${model}#${n}`, domain, pass1: value / 100, pass2: next.value / 100 })
  }
  return cells
}

/** The table has two ways of sampling: this one of all five models. */
const ASKED = /^T=0 seed=12 top_p=1\.0 (.+)$/
export const RUNS = 10

export function stabilityCells(published: Published): StabilityCell[] {
  const rows = published.get(TABLES.stability)?.rows ?? []
  return rows.flatMap(({ model, condition, metric, value }) => {
    const task = ASKED.exec(condition)?.[1]
    if (task === undefined || metric !== 'TARr_pct') return []
    const parsed = rows.find(
      (row) => row.model === model && row.condition === condition && row.metric === 'TARa_pct',
    )
    return parsed === undefined
      ? []
      : [{ model, task, raw: value / 100, parsed: parsed.value / 100 }]
  })
}

export function latencyCells(look: Look, model: string): LatencyCells {
  const seconds = (what: string): number => 1000 * look('latency', model, `Latency ${what} (s)`)
  return {
    mean: seconds('Mean'),
    sd: seconds('Standard Deviation'),
    p95: seconds('95th Percentile'),
  }
}
