// mini-swe-agent (a83fcae, 2026), read in source: one linear list of messages, one bash tool, a fresh shell for
// each command; no compaction, no permission gate, nothing outlives a crash. An answer without exactly one call
// is told so; three such in a row end it. It is done when a command's first line of output says so.
// Departs from it: what the world offers beside files is a tool of its own, and its 10,000 characters of an
// output hold in a window of any size.
import {
  NOTHING_TO_DROP,
  NOTHING_WRITTEN,
  ONE_PROVIDER,
  SHORT_WAITS,
  UNCHECKED,
} from '../frailties.ts'
import { kernel } from '../kernel.ts'
import cost from '../parts/budget/cost.ts'
import none from '../parts/checkpoint/none.ts'
import proc from '../parts/observe/proc.ts'
import terse from '../parts/recovery/terse.ts'
import bash from '../parts/tools/bash.ts'
import formatErrors from '../parts/turn/format-errors.ts'

export default kernel({
  mirrors: 'mini-swe-agent (a83fcae), 2026',
  system:
    'You are a helpful assistant that can interact with a computer. Your response must contain exactly one bash tool call with one command (or several connected with && or ||).',
  failsUnder: {
    ...UNCHECKED,
    ...ONE_PROVIDER,
    ...SHORT_WAITS,
    ...NOTHING_WRITTEN,
    ...NOTHING_TO_DROP,
  },
  slots: {
    tools: bash,
    turn: formatErrors,
    recovery: terse,
    budget: cost,
    checkpoint: none,
    observe: proc,
  },
  retries: [4000, 8000, 16_000],
})
