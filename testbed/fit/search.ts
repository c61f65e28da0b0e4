// Finding parameters: the simplex of Nelder and Mead (1965) within bounds, and bisection. Nothing is drawn:
// the same cells give the same parameters on every machine.

export interface Bounded {
  readonly start: number
  readonly min: number
  readonly max: number
}

type Point = readonly number[]
type Loss = (at: Point) => number
type Vertex = { readonly at: Point; readonly loss: number }

const STEPS = 3000
const CLOSE = 1e-12

/** a + t (b - a), coordinate by coordinate. */
const towards = (a: Point, b: Point, t: number): number[] =>
  a.map((x, i) => x + t * ((b[i] ?? x) - x))

const centreOf = (vertices: readonly Vertex[]): number[] =>
  (vertices[0]?.at ?? []).map(
    (_, i) => vertices.reduce((sum, { at }) => sum + (at[i] ?? 0), 0) / vertices.length,
  )

/** The vertex that takes the worst one's place; undefined where the simplex has to shrink. */
function better(sorted: readonly Vertex[], put: (at: Point) => Vertex): Vertex | undefined {
  const best = sorted[0]
  const worst = sorted.at(-1)
  const second = sorted.at(-2)
  if (best === undefined || worst === undefined || second === undefined) return undefined
  const centre = centreOf(sorted.slice(0, -1))
  const reflected = put(towards(worst.at, centre, 2))
  if (reflected.loss < best.loss) {
    const expanded = put(towards(worst.at, centre, 3))
    return expanded.loss < reflected.loss ? expanded : reflected
  }
  if (reflected.loss < second.loss) return reflected
  const nearer = put(towards(worst.at, centre, reflected.loss < worst.loss ? 1.5 : 0.5))
  return nearer.loss < Math.min(worst.loss, reflected.loss) ? nearer : undefined
}

/** Where `loss` is least near the starts; the first simplex reaches over `share` of each range. */
function descend(loss: Loss, bounds: readonly Bounded[], share: number): Vertex {
  const put = (at: Point): Vertex => {
    const inside = at.map((x, i) => Math.min(bounds[i]?.max ?? x, Math.max(bounds[i]?.min ?? x, x)))
    return { at: inside, loss: loss(inside) }
  }
  const start = bounds.map(({ start }) => start)
  const corner = ({ min, max, start: x }: Bounded): number => {
    const step = (max - min) * share
    return x + step <= max && x + step >= min ? x + step : x - step
  }
  let simplex = [start, ...bounds.map((bound, i) => start.with(i, corner(bound)))].map(put)
  for (let n = 0; n < STEPS; n++) {
    simplex.sort((a, b) => a.loss - b.loss)
    const [best] = simplex
    if (best === undefined) break
    if ((simplex.at(-1)?.loss ?? 0) - best.loss <= CLOSE * (best.loss + CLOSE)) break
    const next = better(simplex, put)
    simplex =
      next === undefined
        ? simplex.map(({ at }, i) => (i === 0 ? best : put(towards(best.at, at, 0.5))))
        : [...simplex.slice(0, -1), next]
  }
  return simplex.reduce((a, b) => (b.loss < a.loss ? b : a))
}

/** Where `loss` is least within bounds: several descents, each from where the one before ended. */
export function least(loss: Loss, bounds: readonly Bounded[]): Point {
  let best: Vertex = { at: bounds.map(({ start }) => start), loss: Number.POSITIVE_INFINITY }
  for (const share of [0.3, 0.1, -0.02]) {
    const from = bounds.map((bound, i) => ({ ...bound, start: best.at[i] ?? bound.start }))
    const found = descend(loss, from, share)
    if (found.loss < best.loss) best = found
  }
  return best.at
}

/** The x in [min, max] at which a rising function has this value; an end where it never has it. */
export function solve(
  rising: (x: number) => number,
  value: number,
  ends: [number, number],
): number {
  let [low, high] = ends
  for (let n = 0; n < 80; n++) {
    const middle = (low + high) / 2
    if (rising(middle) < value) low = middle
    else high = middle
  }
  return (low + high) / 2
}

const GOLDEN = (Math.sqrt(5) - 1) / 2

/** Where a function with one valley is least in [min, max], by golden section. */
export function bottom(loss: (x: number) => number, [min, max]: readonly [number, number]): number {
  let [low, high] = [min, max]
  let [left, right] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)]
  let [atLeft, atRight] = [loss(left), loss(right)]
  while (high - low > 1e-5) {
    if (atLeft <= atRight) {
      high = right
      right = left
      atRight = atLeft
      left = high - GOLDEN * (high - low)
      atLeft = loss(left)
    } else {
      low = left
      left = right
      atLeft = atRight
      right = low + GOLDEN * (high - low)
      atRight = loss(right)
    }
  }
  return (low + high) / 2
}

/** The sum of squared differences. */
export const misfit = (a: Point, b: Point): number =>
  a.reduce((sum, x, i) => sum + (x - (b[i] ?? x)) ** 2, 0)
