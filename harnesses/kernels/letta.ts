// Letta v3 (letta_agent_v3.py, 20a9374a, March 2026), read in source: no heartbeats any more; a summary that
// slides, at nine tenths of the window; core blocks, recall and archive; 50 steps; one conversation under one
// lock.
// Departs from it: arguments that are no JSON are refused, where theirs are read as none at all and the tool
// runs; and there are no tool rules, and no sleep-time agent.
import { ONE_PROVIDER, SHORT_WAITS, UNCHECKED, WRITTEN_AFTERWARDS } from '../frailties.ts'
import { kernel } from '../kernel.ts'
import turns from '../parts/budget/turns.ts'
import jsonl from '../parts/checkpoint/jsonl.ts'
import sliding from '../parts/context/sliding-summary.ts'
import between from '../parts/interrupt/between-steps.ts'
import lock from '../parts/isolation/session-lock.ts'
import archival from '../parts/memory/archival.ts'
import coreBlocks from '../parts/memory/core-blocks.ts'
import recall from '../parts/memory/recall-search.ts'
import proc from '../parts/observe/proc.ts'
import terse from '../parts/recovery/terse.ts'
import whileCalls from '../parts/turn/while-calls.ts'

export default kernel({
  mirrors: 'Letta v3 (20a9374a), March 2026',
  system:
    'You are a helpful agent with persistent memory blocks. Older messages are found with conversation_search, other text with archival_memory_search.',
  failsUnder: { ...UNCHECKED, ...ONE_PROVIDER, ...SHORT_WAITS, ...WRITTEN_AFTERWARDS },
  slots: {
    isolation: lock,
    memory: [coreBlocks, recall, archival],
    recovery: terse.with({ unknown: 'Tool {name} not found' }),
    context: sliding,
    turn: whileCalls,
    budget: turns,
    checkpoint: jsonl,
    interrupt: between,
    observe: proc,
  },
  retries: [1000, 2000, 4000],
})
