// Holm's correction (1979) for several tests at once: the adjusted p, to be compared with the level
// as it is.

/** Adjusted p in (0, 1], in the order of `ps`; never below its own p. */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((p, place) => ({ p, place })).sort((a, b) => a.p - b.p)
  const adjusted = ps.map(() => 1)
  let highest = 0
  for (const [rank, { p, place }] of order.entries()) {
    highest = Math.max(highest, Math.min(1, (ps.length - rank) * p))
    adjusted[place] = highest
  }
  return adjusted
}
