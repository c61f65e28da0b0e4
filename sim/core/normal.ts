// The normal distribution, by the polar method (Marsaglia and Bray, 1964), and the lognormal on top of it:
// no sine, no power.

/** A standard normal deviate from uniforms in (0, 1). */
export function normal(u: () => number): number {
  for (;;) {
    const x = 2 * u() - 1
    const y = 2 * u() - 1
    const r = x * x + y * y
    if (r > 0 && r < 1) return x * Math.sqrt((-2 * Math.log(r)) / r)
  }
}

/** A lognormal factor around 1. */
export const lognormal =
  (sigma: number) =>
  (u: () => number): number =>
    Math.exp(sigma * normal(u))
