// Which harnesses a suite tells apart: every pair on the primary metric of every family, all tests held to one
// bound, and how small an effect could have been seen.
import { pairedDifferences, primaryOf } from '../reports/primary.ts'
import type { RunRecord } from '../reports/record.ts'
import { holm } from '../reports/stats/holm.ts'
import { visibleEffect } from '../reports/stats/power.ts'
import { signFlip } from '../reports/stats/sign-flip.ts'
import { average, familyOf, groupBy } from '../reports/units.ts'

export interface Pair {
  readonly family: string
  readonly metric: string
  readonly a: string
  readonly b: string
  readonly instances: number
  /** Mean of `a` minus that of `b`, in [-1, 1]. */
  readonly difference: number
  /** Of the sign-flip test, after Holm's correction over all pairs and families. */
  readonly adjusted: number
  /** At least five points apart, and beyond chance. */
  readonly toldApart: boolean
  /** The smallest difference that would be seen in four of five suites like this; null of too few. */
  readonly visible: number | null
}

const LEVEL = 0.05
const POINTS = 0.05

/** Family by family, pairs in the order of `harnesses`. */
export function discrimination(
  records: readonly RunRecord[],
  harnesses: readonly string[],
): Pair[] {
  const families = [...groupBy(records, ({ scenario }) => familyOf(scenario))]
  const pairs = families.flatMap(([family, runs]) =>
    harnesses.flatMap((a, i) =>
      harnesses.slice(i + 1).map((b) => ({
        ...{ family, a, b },
        differences: pairedDifferences(a, b, runs),
      })),
    ),
  )
  const tests = pairs.map(({ family, a, b, differences }) =>
    signFlip(differences, `${family} ${a} ${b}`),
  )
  const adjusted = holm(tests.map(({ p }) => p))
  return pairs.map(({ family, a, b, differences }, i) => {
    const difference = average(differences) ?? 0
    const corrected = adjusted[i] ?? 1
    return {
      ...{ family, metric: primaryOf(family), a, b, difference, adjusted: corrected },
      instances: differences.length,
      toldApart: Math.abs(difference) >= POINTS && corrected < LEVEL,
      visible: visibleEffect(differences, LEVEL / pairs.length),
    }
  })
}
