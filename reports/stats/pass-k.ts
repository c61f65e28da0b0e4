// pass^k: how likely k trials of the same instance all pass (tau-bench, Yao et al., 2024): the mean
// over instances of C(s, k) / C(n, k), for s of n trials passed.

export interface Trials {
  readonly passed: number
  readonly of: number
}

/** In [0, 1]. Instances with fewer than `k` trials say nothing; null where none says anything. */
export function passK(instances: readonly Trials[], k: number): number | null {
  const enough = instances.filter((trials) => trials.of >= k)
  if (enough.length === 0 || k < 1) return null
  let sum = 0
  for (const { passed, of } of enough) {
    let share = 1
    for (let i = 0; i < k; i++) share *= Math.max(0, passed - i) / (of - i)
    sum += share
  }
  return sum / enough.length
}
