// Comparisons of harnesses within one table, paired by instance. No overall rank: a table a family,
// and what a table cannot tell apart is said, with what it would take.
import { holm } from './stats/holm.ts'
import { moreInstances } from './stats/power.ts'
import { signFlip } from './stats/sign-flip.ts'
import { average } from './units.ts'

/** A harness's solved shares by instance. */
export interface Contender {
  readonly harness: string
  readonly shares: ReadonlyMap<string, number>
  /** By run, whoever ran it: designs that do the same have the same. */
  readonly digests?: ReadonlyMap<string, string>
}

export interface Comparison {
  readonly a: string
  readonly b: string
  /** Instances that both were judged on. */
  readonly instances: number
  /** Mean solved share of `a` minus that of `b`, in [-1, 1]. */
  readonly difference: number
  /** Of the sign-flip test, and after Holm's correction over the table. */
  readonly p: number
  readonly adjusted: number
  readonly exact: boolean
  readonly toldApart: boolean
  /** The same in every run, event by event: one design under two names. */
  readonly equal: boolean
  /**
   * About how many more instances it would take; null where told apart, or where nothing differs.
   */
  readonly more: number | null
}

const LEVEL = 0.05

/** Every pair, in the order of `contenders`. `key` seeds the drawn sign patterns. */
export function compare(contenders: readonly Contender[], key: string): Comparison[] {
  const pairs = contenders.flatMap((a, i) =>
    contenders.slice(i + 1).map((b) => ({ a, b, differences: differencesOf(a, b) })),
  )
  const tests = pairs.map(({ a, b, differences }) =>
    signFlip(differences, `${key} ${a.harness} ${b.harness}`),
  )
  const adjusted = holm(tests.map(({ p }) => p))
  return pairs.map(({ a, b, differences }, i) => {
    const corrected = adjusted[i] ?? 1
    const toldApart = corrected < LEVEL
    return {
      a: a.harness,
      b: b.harness,
      instances: differences.length,
      difference: average(differences) ?? 0,
      p: tests[i]?.p ?? 1,
      adjusted: corrected,
      exact: tests[i]?.exact ?? true,
      toldApart,
      equal: isEqual(a, b),
      more: toldApart ? null : moreInstances(differences),
    }
  })
}

function isEqual({ digests: own }: Contender, { digests: other }: Contender): boolean {
  if (own === undefined || other === undefined || own.size === 0) return false
  return own.size === other.size && [...own].every(([run, digest]) => other.get(run) === digest)
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
