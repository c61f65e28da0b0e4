// How close a profile comes: a simulated cell against the published one, by the margin within which they
// count as the same: the published 95 % interval where what was counted is truly binomial, a tenth for what
// is no share, else 3 points.

import type { Row } from '../calibrate.ts'
import { type Published, type PublishedRow, rowsOf } from '../published.ts'
import { type Part, TABLES } from './models.ts'

/** Counts of tests and calls that have nothing to do with each other; others are means or clustered. */
const BINOMIAL: readonly Part[] = ['calls', 'chain', 'traces', 'injection']
const POINTS = 3
const TENTH = 0.1

export interface Close {
  readonly row: Row
  readonly part: Part
  readonly model: string
  /** In points, or in hundredths of what was published where it is no share. */
  readonly error: number
  readonly isInside: boolean
}

type Scale = 'percent' | 'share' | 'other'

function scaleOf(metric: string): Scale {
  if (/pct/.test(metric)) return 'percent'
  return /_em$/.test(metric) ? 'share' : 'other'
}

const Z = 1.96

/** Wilson's interval, in per cent. */
function interval(percent: number, n: number): readonly [low: number, high: number] {
  const p = percent / 100
  const middle = (p + (Z * Z) / (2 * n)) / (1 + (Z * Z) / n)
  const half = (Z / (1 + (Z * Z) / n)) * Math.sqrt((p * (1 - p)) / n + (Z * Z) / (4 * n * n))
  return [100 * (middle - half), 100 * (middle + half)]
}

/** Undefined where nothing was published. */
export function closeness(
  published: Published,
  like: Readonly<Record<string, string>>,
  row: Row,
): Close | undefined {
  for (const [part, table] of Object.entries(TABLES) as [Part, string][]) {
    const model = like[table]
    const found = rowsOf(published, table, model).find(
      ({ condition, metric }) => condition === row.condition && metric === row.metric,
    )
    if (model === undefined || found === undefined) continue
    return { row, part, model, ...judged(part, found, row.simulated) }
  }
  return undefined
}

function judged(
  part: Part,
  { metric, value, n }: PublishedRow,
  simulated: number,
): Pick<Close, 'error' | 'isInside'> {
  const scale = scaleOf(metric)
  const gap = Math.abs(simulated - value)
  if (scale === 'other') {
    const error = (100 * gap) / value
    return { error, isInside: error <= 100 * TENTH }
  }
  const error = scale === 'share' ? 100 * gap : gap
  if (!BINOMIAL.includes(part) || typeof n !== 'number') return { error, isInside: error <= POINTS }
  const [low, high] = interval(value, n)
  return { error, isInside: simulated >= low && simulated <= high }
}
