// Pi (pi-coding-agent 0.73.1), read in source and observed: four tools, no permission gate, no maximum of turns,
// compaction after an overflow, arguments coerced, cut-off JSON repaired and run, a session as a tree in JSONL.
// Departs from it: a call that is in flight at an abort is heard out (there it is given up and says so); of an
// answer that was cut off nothing is written down (there it is, and left out of what is sent); a call that changes
// a file, or of a tool that is not its own, waits for its neighbours (there only those wait that change the same
// file).
import { ONE_PROVIDER, SHORT_WAITS, UNCHECKED, WRITTEN_AFTERWARDS } from '../frailties.ts'
import { kernel } from '../kernel.ts'
import none from '../parts/budget/none.ts'
import tree from '../parts/checkpoint/tree.ts'
import emptySummary from '../parts/context/empty-summary.ts'
import byToken from '../parts/interrupt/by-token.ts'
import shared from '../parts/isolation/shared.ts'
import proc from '../parts/observe/proc.ts'
import coerce from '../parts/recovery/coerce-types.ts'
import repairJson from '../parts/recovery/repair-json.ts'
import coding from '../parts/tools/coding.ts'
import whileCalls from '../parts/turn/while-calls.ts'
import { PI } from '../prompts/pi.ts'

const CLIENT = [500, 1000]

export default kernel({
  mirrors: 'Pi 0.73.1 (@mariozechner/pi-coding-agent), November 2026',
  system: PI,
  failsUnder: {
    ...UNCHECKED,
    ...ONE_PROVIDER,
    ...SHORT_WAITS,
    ...WRITTEN_AFTERWARDS,
  },
  slots: {
    isolation: shared,
    tools: coding,
    recovery: [repairJson, coerce],
    context: emptySummary,
    turn: whileCalls,
    budget: none,
    checkpoint: tree,
    interrupt: byToken,
    observe: proc,
  },
  // Its client asks twice more, each of four times: 12 requests in 20 seconds, as observed.
  retries: [...CLIENT, ...[2000, 4000, 8000].flatMap((ms) => [ms, ...CLIENT])],
})
