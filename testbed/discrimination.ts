// Which harnesses a suite tells apart: every pair on the primary metric of every family, all tests held to one
// bound, and how small an effect could have been seen.
import { type Comparison, compare } from '../reports/compare.ts'
import { contender, primaryOf } from '../reports/primary.ts'
import type { RunRecord } from '../reports/record.ts'
import { familyOf, groupBy } from '../reports/units.ts'

export interface Pair extends Comparison {
  readonly family: string
  readonly metric: string
}

/** Family by family, pairs in the order of `harnesses`. */
export function discrimination(
  records: readonly RunRecord[],
  harnesses: readonly string[],
): Pair[] {
  const families = [...groupBy(records, ({ scenario }) => familyOf(scenario))]
  const fields = families.map(([family, runs]) => ({
    key: family,
    contenders: harnesses.map((harness) => contender(harness, runs)),
  }))
  return compare(fields).flatMap((comparisons, i) => {
    const family = families[i]?.[0] ?? ''
    return comparisons.map((one) => ({ ...one, family, metric: primaryOf(family) }))
  })
}
