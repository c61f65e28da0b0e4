// How the bench measures: alternating rounds in one process, medians, and ratios of the same run. Real time
// is read here and decides nothing but the table.

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const [low, high] = [sorted[middle - 1] ?? Number.NaN, sorted[middle] ?? Number.NaN]
  return sorted.length % 2 === 1 ? high : (low + high) / 2
}

/** Real milliseconds that `work` takes. */
export async function timed(work: () => unknown): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

/** Frees what can be freed, where Node was started with `--expose-gc`. */
export const collect = (): void => globalThis.gc?.()

/** One row of the table: what was measured, against what, and whether the goal holds. */
export interface Row {
  readonly what: string
  readonly measured: number
  readonly goal: number
  /** Whether more is better. */
  readonly atLeast: boolean
  readonly unit: string
  /** The numbers behind it. */
  readonly detail: string
}

export const isMet = ({ measured, goal, atLeast }: Row): boolean =>
  atLeast ? measured >= goal : measured <= goal

/** The median of each contender's milliseconds, and of the ratios `second / first`, over alternating rounds. */
export async function duel(
  first: () => unknown,
  second: () => unknown,
  rounds: number,
): Promise<{ firstMs: number; secondMs: number; ratio: number }> {
  const times: [number, number][] = []
  for (let round = -2; round < rounds; round++) {
    collect()
    const a = await timed(first)
    collect()
    const b = await timed(second)
    if (round >= 0) times.push([a, b])
  }
  return {
    firstMs: median(times.map(([a]) => a)),
    secondMs: median(times.map(([, b]) => b)),
    ratio: median(times.map(([a, b]) => b / a)),
  }
}
