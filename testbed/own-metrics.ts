// A metric of its reader's own, before anything rests on it: what it lacks is told by its file, in a line.
import type { Metric } from '../reports/metric.ts'
import { UsageError } from '../sim/core/assert.ts'
import { nearest } from '../sim/cpu/names.ts'

const ONE_OF = {
  unit: ['share', 'tokens', 'count', 'ms'],
  better: ['more', 'less'],
  restsOn: ['mechanism', 'calibrated', 'assumed'],
  cell: ['mean', 'in-100-runs', 'per-solved', 'least'],
} as const satisfies { readonly [K in keyof Metric]?: readonly NonNullable<Metric[K]>[] }

const OPTIONAL: ReadonlySet<string> = new Set(['cell'])

export const metricFile = (id: string): string => `reports/metrics/${id}.ts`

/** Anything: a text in quotes, else as it prints. */
function shown(value: unknown): string {
  if (value === undefined) return 'none'
  if (typeof value === 'string') return JSON.stringify(value)
  return typeof value === 'object' ? 'an object' : String(value)
}

function problemIn(entry: Readonly<Record<string, unknown>>): string | undefined {
  for (const name of ['title', 'about']) {
    const text = entry[name]
    if (typeof text !== 'string' || text === '' || text.includes('\n'))
      return `${name}: expected one line of text, got ${shown(text)}`
  }
  for (const [name, known] of Object.entries<readonly string[]>(ONE_OF)) {
    const value = entry[name]
    if ((value === undefined && OPTIONAL.has(name)) || known.includes(value as string)) continue
    const near = typeof value === 'string' ? nearest(value, known) : undefined
    const hint = near === undefined ? '' : `. Nearest: ${near}`
    return `${name}: expected ${known.join(', ')}; got ${shown(value)}${hint}`
  }
  for (const name of ['families', 'names']) {
    const value = entry[name]
    const isList = Array.isArray(value) && value.every((one) => typeof one === 'string')
    if (value !== undefined && !isList) return `${name}: expected a list of texts`
  }
  return typeof entry.measure === 'function' ? undefined : 'measure: expected a function of a run'
}

/** @throws {UsageError} for the first that is no metric, by its file. */
export function checkMetrics(metrics: ReadonlyMap<string, unknown>): void {
  for (const [id, entry] of metrics) {
    const problem = problemIn(entry as Readonly<Record<string, unknown>>)
    if (problem !== undefined) throw new UsageError(`${metricFile(id)}: ${problem}`)
  }
}
