// Which claims survive another model: what a profile says of harnesses is a claim where two are told apart;
// then the profile is redrawn again and again, and each claim is asked for again on the same instances.
import { pairedDifferences } from '../reports/primary.ts'
import type { RunRecord } from '../reports/record.ts'
import { type Strongest, strongest } from '../reports/stats/strongest.ts'
import { average, familyOf } from '../reports/units.ts'
import type { Profile } from '../sim/cpu/index.ts'
import { discrimination } from './discrimination.ts'
import { openIn, valueAt } from './redrawn.ts'

export interface Claim {
  readonly family: string
  /** The primary one of the family. */
  readonly metric: string
  readonly better: string
  readonly worse: string
  /** Of the means, under the profile as it stands. */
  readonly difference: number
  /** Of the sign-flip test, after Holm's correction over all pairs and families. */
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
  /** The model in which it holds least, where there is one in which it does not hold. */
  readonly against: string | undefined
}

/** A claim that holds in fewer models depends on the model. */
export const HOLDS_FROM = 0.9

/** The pairs told apart, family by family, on the primary metric of each. */
export const claimsIn = (records: readonly RunRecord[], harnesses: readonly string[]): Claim[] =>
  discrimination(records, harnesses)
    .filter(({ toldApart }) => toldApart)
    .map(({ family, metric, a, b, difference, adjusted }) => ({
      ...{ family, metric, adjusted },
      difference: Math.abs(difference),
      better: difference > 0 ? a : b,
      worse: difference > 0 ? b : a,
    }))

/** The mean difference of a claim in the runs of one model; null where none was judged. */
export function differenceIn(claim: Claim, records: readonly RunRecord[]): number | null {
  const own = records.filter(({ scenario }) => familyOf(scenario) === claim.family)
  return average(pairedDifferences(claim.better, claim.worse, own))
}

/** `differences` by model, in the order of `models`; a model in which nothing was judged is in neither. */
export function tested(
  claim: Claim,
  differences: readonly number[],
  models: readonly Profile[],
): Tested {
  const holds = differences.filter((difference) => difference > 0).length
  const turns = differences.filter((difference) => difference < 0).length
  const sorted = differences.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0
  const least = differences.indexOf(Math.min(...differences))
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
    against: holds < differences.length ? models[least]?.name : undefined,
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
