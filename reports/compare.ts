// Comparisons of harnesses on the primary metric of each family, paired by instance and held to one bound over all
// that a report compares. No overall rank: a table a family, and what a table cannot tell apart is said, with what
// it would take.
import { holm } from './stats/holm.ts'
import { moreInstances, visibleEffect } from './stats/power.ts'
import { signFlip } from './stats/sign-flip.ts'
import { average } from './units.ts'

/** A harness's primary metric by instance. */
export interface Contender {
  readonly harness: string
  readonly shares: ReadonlyMap<string, number>
  /** By run, whoever ran it: designs that do the same have the same. */
  readonly digests?: ReadonlyMap<string, string>
}

/** Those that are compared with each other, in one family under one profile. */
export interface Field {
  /** Seeds the drawn sign patterns. */
  readonly key: string
  readonly contenders: readonly Contender[]
}

export interface Comparison {
  readonly a: string
  readonly b: string
  /** Instances that both were judged on. */
  readonly instances: number
  /** Mean of `a` minus that of `b`, in [-1, 1]. */
  readonly difference: number
  /** Of the sign-flip test, and after Holm's correction over all comparisons of the report. */
  readonly p: number
  readonly adjusted: number
  readonly exact: boolean
  /** At least five points apart, and beyond chance. */
  readonly toldApart: boolean
  /** The same in every run, event by event: one design under two names. */
  readonly equal: boolean
  /**
   * About how many more instances it would take; null where told apart, or where the difference is under five
   * points: more instances would not make it larger.
   */
  readonly more: number | null
  /** The smallest difference that would be seen in four of five reports like this; null of too few. */
  readonly visible: number | null
}

const LEVEL = 0.05
/** Smaller differences are none that a design should be chosen for. */
export const POINTS = 0.05

/** By field, every pair in the order of its contenders. */
export function compare(fields: readonly Field[]): Comparison[][] {
  const pairs = fields.flatMap(({ key, contenders }, field) =>
    contenders.flatMap((a, i) =>
      contenders.slice(i + 1).map((b) => ({ field, key, a, b, differences: differencesOf(a, b) })),
    ),
  )
  const tests = pairs.map(({ key, a, b, differences }) =>
    signFlip(differences, `${key} ${a.harness} ${b.harness}`),
  )
  const adjusted = holm(tests.map(({ p }) => p))
  const level = LEVEL / pairs.length
  const compared = pairs.map(({ a, b, differences }, i): Comparison => {
    const corrected = adjusted[i] ?? 1
    const difference = average(differences) ?? 0
    const isLarge = Math.abs(difference) >= POINTS
    const toldApart = isLarge && corrected < LEVEL
    return {
      a: a.harness,
      b: b.harness,
      instances: differences.length,
      difference,
      p: tests[i]?.p ?? 1,
      adjusted: corrected,
      exact: tests[i]?.exact ?? true,
      toldApart,
      equal: isEqual(a, b),
      more: isLarge && !toldApart ? moreInstances(differences, level) : null,
      visible: visibleEffect(differences, level),
    }
  })
  return fields.map((_field, at) => compared.filter((_one, i) => pairs[i]?.field === at))
}

function isEqual({ digests: own }: Contender, { digests: other }: Contender): boolean {
  if (own === undefined || other === undefined || own.size === 0) return false
  // Of what hung nothing is known: that two hang is not that they do the same.
  return (
    own.size === other.size &&
    [...own].every(([run, digest]) => digest !== '' && other.get(run) === digest)
  )
}

/** By instance, where both were judged. */
export function differencesOf(a: Contender, b: Contender): number[] {
  const differences: number[] = []
  for (const [instance, share] of a.shares) {
    const other = b.shares.get(instance)
    if (other !== undefined) differences.push(share - other)
  }
  return differences
}

/** The least hopeful last: pairs that no number of instances would tell apart. */
export const notToldApart = (comparisons: readonly Comparison[]): Comparison[] =>
  comparisons
    .filter(({ toldApart }) => !toldApart)
    .sort((a, b) => (a.more ?? Infinity) - (b.more ?? Infinity) || 0)
