// The name among those offered that has the fewest letters to change: what is nearest need not be near.
import { nearest } from '../../sim/cpu/names.ts'
import type { Tool } from '../../sim/index.ts'

/** The name itself, where it is offered; undefined where nothing is. */
export const nearestTo = (name: string, tools: readonly Pick<Tool, 'name'>[]): string | undefined =>
  nearest(
    name,
    tools.map((tool) => tool.name),
  )
