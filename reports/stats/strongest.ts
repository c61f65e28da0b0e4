// Which of many numbers goes with an outcome: the largest rank correlation (Spearman, 1904), if it is beyond
// what the largest of so many would be by chance (Bonferroni's bound, in the normal approximation).
import { probit, sampleRankCorrelation } from 'simple-statistics'

export interface Strongest {
  readonly name: string
  /** In [-1, 1]. */
  readonly correlation: number
}

const LEVEL = 0.05

/** `candidates` by name, each as long as `outcome`. Undefined where nothing is beyond chance. */
export function strongest(
  outcome: readonly number[],
  candidates: ReadonlyMap<string, readonly number[]>,
): Strongest | undefined {
  const varies = (values: readonly number[]): boolean => new Set(values).size > 1
  if (!varies(outcome)) return undefined
  const asked = [...candidates].filter(([, values]) => varies(values))
  let best: Strongest | undefined
  for (const [name, values] of asked) {
    const correlation = sampleRankCorrelation([...values], [...outcome])
    if (best === undefined || Math.abs(correlation) > Math.abs(best.correlation))
      best = { name, correlation }
  }
  if (best === undefined) return undefined
  const z = Math.abs(best.correlation) * Math.sqrt(outcome.length - 1)
  return z > probit(1 - LEVEL / (2 * asked.length)) ? best : undefined
}
