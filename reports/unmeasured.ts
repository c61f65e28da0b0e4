// Runs of which nothing is known but that they went wrong: they hung or ran out of memory, or were not run any more
// since too many of their harness had hung. They count as lost: a harness that hangs must not look the better for
// what it cannot be measured on.
import { plural, whole } from './format.ts'
import type { Metric } from './metric.ts'
import type { RunRecord } from './record.ts'
import { byText, groupBy, isCounted, isGivenUp } from './units.ts'

/** What came to an end, be it a bad one, has all metrics, null or not. */
export const isUnmeasured = ({ verdict, metrics }: RunRecord): boolean =>
  (verdict === 'crash' || verdict === 'skip') && Object.keys(metrics).length === 0

/** What nothing is known of, with 0 for each share of which more is better and that others of its scenario have. */
export function asLost(
  records: readonly RunRecord[],
  metrics: ReadonlyMap<string, Metric>,
): readonly RunRecord[] {
  if (!records.some(isUnmeasured)) return records
  const shares = [...metrics].filter(([, of]) => of.unit === 'share' && of.better === 'more')
  const zeros = new Map(
    [...groupBy(records, ({ scenario }) => scenario)].map(([scenario, runs]) => {
      const known = shares.filter(([id]) => runs.some((run) => (run.metrics[id] ?? null) !== null))
      return [scenario, Object.fromEntries(known.map(([id]) => [id, 0]))]
    }),
  )
  return records.map((record) =>
    isUnmeasured(record) ? { ...record, metrics: zeros.get(record.scenario) ?? {} } : record,
  )
}

/** One sentence for each harness that has some, in plain text; for any order of the records the same. */
export function unmeasuredNotes(records: readonly RunRecord[]): string[] {
  const lost = records.filter((record) => isCounted(record) && isUnmeasured(record))
  return [...groupBy(lost, ({ harness }) => harness)]
    .sort(([a], [b]) => byText(a, b))
    .map(([harness, runs]) => {
      const ended = runs.filter((run) => !isGivenUp(run))
      const reasons = [...new Set(ended.map(({ reason }) => reason))].sort(byText).join(', ')
      const parts = [
        ...(ended.length > 0
          ? [`${plural(ended.length, 'run')} could not be measured (${reasons})`]
          : []),
        ...(runs.length > ended.length
          ? [`${whole(runs.length - ended.length)} were not made`]
          : []),
      ]
      return `${harness}: ${parts.join(', and after so many hung ones ')}. Such a run counts as not solved, and as 0 where a larger share is better; other figures are of the rest.`
    })
}
