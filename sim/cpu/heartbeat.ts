// Heartbeats: where a tool asks whether control is to come back (MemGPT, 2023, read in source: a boolean on
// every tool, and a turn without it ends the work), the model says so wherever it has more to do or to say.
import { HEARTBEAT, requiredOf } from './binding.ts'
import type { Bound } from './dialect.ts'
import type { Toolbox } from './toolbox.ts'

/** What is bound, with the flag as it has to be: it is left out where it would say no and may be absent. */
export function withHeartbeat(bound: Bound, toolbox: Toolbox, isMore: boolean): Bound {
  const kinds = toolbox.parameters(bound.name).kinds.get(HEARTBEAT)
  if (kinds?.has('boolean') !== true) return bound
  const tool = toolbox.tools.find(({ name }) => name === bound.name)
  if (!isMore && (tool === undefined || !requiredOf(tool).includes(HEARTBEAT))) return bound
  return { ...bound, args: { ...bound.args, [HEARTBEAT]: isMore } }
}
