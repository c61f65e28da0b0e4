// Means over what is not known of a case: its difficulty, normal between instances, and where in a window
// a fact stands. What is published is such a mean; what a profile says holds in the median instance.

const STEP = 0.2
const REACH = 6

/** Standard normal deviates with their weights, which sum up to 1. */
const nodes = (): readonly (readonly [z: number, weight: number])[] => {
  const count = Math.round((2 * REACH) / STEP)
  const raw = Array.from({ length: count + 1 }, (_, i) => {
    const z = i * STEP - REACH
    return [z, Math.exp(-(z * z) / 2)] as const
  })
  const total = raw.reduce((sum, [, weight]) => sum + weight, 0)
  return raw.map(([z, weight]) => [z, weight / total] as const)
}

const NODES = nodes()

/** The mean of `f` over the odds by which an instance's lapses are likelier. */
export function overInstances(spread: number, f: (odds: number) => number): number {
  if (spread === 0) return f(1)
  let sum = 0
  for (const [z, weight] of NODES) sum += weight * f(Math.exp(spread * z))
  return sum
}

/** The mean of `f` over places in a window, 0 its start and 1 its end. */
export function overPlaces(places: number, f: (place: number) => number): number {
  let sum = 0
  for (let i = 0; i < places; i++) sum += f((i + 0.5) / places)
  return sum / places
}

export const logit = (p: number): number => Math.log(p / (1 - p))
export const logistic = (x: number): number => 1 / (1 + Math.exp(-x))
