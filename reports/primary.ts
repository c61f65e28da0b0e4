// The primary metric of each family, declared before anything was run: what claims about harnesses are made
// of. All are shares, and more is better. Everything else in a table is exploratory.
import { type Contender, differencesOf } from './compare.ts'
import type { RunRecord } from './record.ts'
import { average, byInstance, familyOf, isCounted } from './units.ts'
import { isUnmeasured } from './unmeasured.ts'

const SOLVED = 'solved'

/** What most families are about is whether the job is done with nothing violated. */
const PRIMARY: Readonly<Record<string, string>> = { compaction: 'usable-recall' }

export const primaryOf = (family: string): string => PRIMARY[family] ?? SOLVED

/**
 * The primary metric of a run's family, in [0, 1]: 0 of what could not be measured, null where a run says nothing.
 */
export function primary(record: RunRecord): number | null {
  const id = primaryOf(familyOf(record.scenario))
  if (id === SOLVED) return Number(record.verdict === 'pass')
  return isUnmeasured(record) ? 0 : (record.metrics[id] ?? null)
}

/** Means over the trials of each instance. Only counted records of one harness may come in. */
export function sharesOf(records: readonly RunRecord[]): Map<string, number> {
  const shares = new Map<string, number>()
  for (const [key, runs] of byInstance(records)) {
    const mean = average(runs.flatMap((run) => primary(run) ?? []))
    if (mean !== null) shares.set(key, mean)
  }
  return shares
}

/** Of one harness, as it stands in a comparison. */
export function contender(harness: string, records: readonly RunRecord[]): Contender {
  const own = records.filter((record) => record.harness === harness && isCounted(record))
  return { harness, shares: sharesOf(own) }
}

/** By instance, of two harnesses in the same runs. */
export const pairedDifferences = (a: string, b: string, records: readonly RunRecord[]): number[] =>
  differencesOf(contender(a, records), contender(b, records))
