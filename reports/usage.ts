// What the model was given and what it said, in tokens, over all conversations of a run.
import type { TraceEvent } from '../sim/index.ts'

/** Null where nothing was generated. */
export function tokensOf(trace: readonly TraceEvent[]): {
  readonly input: number
  readonly cached: number
  readonly output: number
} | null {
  const total = { input: 0, cached: 0, output: 0 }
  let generations = 0
  for (const event of trace) {
    if (event.kind !== 'generation') continue
    generations++
    total.input += event.usage.input
    total.cached += event.usage.cached
    total.output += event.usage.output
  }
  return generations === 0 ? null : total
}
