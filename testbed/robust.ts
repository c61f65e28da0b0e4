// Which claims survive another model: what a profile says of harnesses is a claim where two are told apart;
// then the profile is redrawn again and again, and each claim is asked for again on the same instances.
import { type Contender, differencesOf } from '../reports/compare.ts'
import type { RunRecord } from '../reports/record.ts'
import { type Strongest, strongest } from '../reports/stats/strongest.ts'
import { type TableOptions, table } from '../reports/table.ts'
import { average, familyOf, groupBy, isJudged, shareOf, trialsOf } from '../reports/units.ts'
import type { Profile } from '../sim/cpu/index.ts'
import { openIn, valueAt } from './redrawn.ts'

export interface Claim {
  readonly family: string
  readonly better: string
  readonly worse: string
  /** Of the mean solved shares, under the profile as it stands. */
  readonly difference: number
  /** Of the sign-flip test, after Holm's correction over the family's pairs. */
  readonly adjusted: number
}

export interface Tested extends Claim {
  /** Models in which the difference has the same sign, the other one, and none. */
  readonly holds: number
  readonly turns: number
  readonly level: number
  /** Of the differences: the fifth and the ninety-fifth percentile over the models. */
  readonly low: number
  readonly high: number
  /** Holds in fewer than so many: it depends on the model. */
  readonly dependsOnModel: boolean
  /** What goes with the difference more than chance explains; undefined where nothing does. */
  readonly parameter: Strongest | undefined
}

/** A claim that holds in fewer models depends on the model. */
export const HOLDS_FROM = 0.9

/** The pairs told apart, family by family. */
export function claimsIn(records: readonly RunRecord[], options: TableOptions): Claim[] {
  const families = groupBy(records, ({ scenario }) => familyOf(scenario))
  return [...families].flatMap(([family, runs]) => {
    const profile = runs[0]?.profile ?? ''
    const comparisons = table(family, profile, runs, options)?.comparisons ?? []
    return comparisons
      .filter(({ toldApart }) => toldApart)
      .map(({ a, b, difference, adjusted }) =>
        difference > 0
          ? { family, better: a, worse: b, difference, adjusted }
          : { family, better: b, worse: a, difference: -difference, adjusted },
      )
  })
}

function contender(harness: string, records: readonly RunRecord[]): Contender {
  const trials = trialsOf(records.filter((run) => run.harness === harness && isJudged(run)))
  return { harness, shares: new Map([...trials].map(([key, of]) => [key, shareOf(of)])) }
}

/** The mean difference of a claim in the runs of one model; null where none was judged. */
export function differenceIn(claim: Claim, records: readonly RunRecord[]): number | null {
  const own = records.filter(({ scenario }) => familyOf(scenario) === claim.family)
  return average(differencesOf(contender(claim.better, own), contender(claim.worse, own)))
}

/** `differences` by model, in the order of `models`. */
export function tested(
  claim: Claim,
  differences: readonly number[],
  models: readonly Profile[],
): Tested {
  const holds = differences.filter((difference) => difference > 0).length
  const turns = differences.filter((difference) => difference < 0).length
  const sorted = differences.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0
  const dependsOnModel = holds < HOLDS_FROM * differences.length
  return {
    ...claim,
    holds,
    turns,
    level: differences.length - holds - turns,
    low: at(0.05),
    high: at(0.95),
    dependsOnModel,
    parameter: dependsOnModel ? parameterOf(differences, models) : undefined,
  }
}

/** The parameter, drawn anew from model to model, that goes with the difference. */
function parameterOf(
  differences: readonly number[],
  models: readonly Profile[],
): Strongest | undefined {
  const [first] = models
  if (first === undefined) return undefined
  const values = openIn(first).map(
    (path) => [path, models.map((model) => valueAt(model, path) ?? 0)] as const,
  )
  return strongest(differences, new Map(values))
}
