// The name among those offered that has the fewest letters to change: what is nearest need not be near.
import type { Tool } from '../../sim/index.ts'

/** How many letters have to be put in, taken out or changed (Levenshtein). */
function letters(from: string, to: string): number {
  let before = Array.from({ length: to.length + 1 }, (_, i) => i)
  for (const [i, letter] of [...from].entries()) {
    const now = [i + 1]
    for (const [j, other] of [...to].entries()) {
      const changed = (before[j] ?? 0) + Number(letter !== other)
      now.push(Math.min(changed, (before[j + 1] ?? 0) + 1, (now[j] ?? 0) + 1))
    }
    before = now
  }
  return before[to.length] ?? 0
}

/** The name itself, where it is offered; of equals the first; undefined where nothing is offered. */
export const nearestTo = (name: string, tools: readonly Pick<Tool, 'name'>[]): string | undefined =>
  tools.map((tool) => tool.name).toSorted((a, b) => letters(name, a) - letters(name, b))[0]
