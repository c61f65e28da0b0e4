// The primary metric of each family, declared before anything was run: what claims about harnesses are made
// of. All are shares, and more is better. Everything else in a table is exploratory.
import { differencesOf } from './compare.ts'
import type { RunRecord } from './record.ts'
import { average, byInstance, familyOf, isJudged } from './units.ts'

const SOLVED = 'solved'

/** What most families are about is whether the job is done with nothing violated. */
const PRIMARY: Readonly<Record<string, string>> = { compaction: 'usable-recall' }

export const primaryOf = (family: string): string => PRIMARY[family] ?? SOLVED

/** The primary metric of a run's family, in [0, 1]; null where the run says nothing about it. */
export function primary(record: RunRecord): number | null {
  const id = primaryOf(familyOf(record.scenario))
  return id === SOLVED ? Number(record.verdict === 'pass') : (record.metrics[id] ?? null)
}

/** Of one harness: means over the trials of each instance. */
export function primaries(
  harness: string,
  records: readonly RunRecord[],
): { readonly harness: string; readonly shares: ReadonlyMap<string, number> } {
  const own = records.filter((record) => record.harness === harness && isJudged(record))
  const shares = new Map<string, number>()
  for (const [key, runs] of byInstance(own)) {
    const mean = average(runs.flatMap((run) => primary(run) ?? []))
    if (mean !== null) shares.set(key, mean)
  }
  return { harness, shares }
}

/** By instance, of two harnesses in the same runs. */
export const pairedDifferences = (a: string, b: string, records: readonly RunRecord[]): number[] =>
  differencesOf(primaries(a, records), primaries(b, records))
