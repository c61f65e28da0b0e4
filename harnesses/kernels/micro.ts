// Pi (pi-coding-agent 0.73.1), read in source and observed: four tools, no permission gate, no maximum of
// turns, compaction after an overflow, cut-off JSON repaired and run, JSONL sessions.
import { kernel } from '../kernel.ts'
import none from '../parts/budget/none.ts'
import jsonl from '../parts/checkpoint/jsonl.ts'
import keepRecent from '../parts/context/keep-recent.ts'
import shared from '../parts/isolation/shared.ts'
import repairJson from '../parts/recovery/repair-json.ts'
import coding from '../parts/tools/coding.ts'
import whileCalls from '../parts/turn/while-calls.ts'

export default kernel({
  mirrors: 'Pi 0.73.1 (@mariozechner/pi-coding-agent), November 2026',
  system:
    'You are an expert coding assistant operating inside pi, a coding agent harness. You help users by reading files, editing code, and writing new files.\n\nAvailable tools:\n- read\n- write\n- edit\n- grep\n- ls',
  slots: {
    context: keepRecent,
    tools: coding,
    turn: whileCalls,
    recovery: repairJson,
    isolation: shared,
    budget: none,
    checkpoint: jsonl,
  },
  retries: [2000, 4000, 8000],
})
