// MemGPT as its paper has it (arXiv 2310.08560, section 2): core memory in the window, a queue whose oldest
// half is evicted into a recursive summary, everything said kept in recall storage, an archive to search, and
// heartbeats. The shares are the paper's examples; words and the size of a block are those of the code of 2023.
// Departs from it: an alert waits for the next request, where theirs gives a turn of its own even to an agent
// that had yielded; results stand bare, without `{"status": .., "message": .., "time": ..}` around them; of
// what is not quite JSON theirs repairs some; and each job is a conversation of its own.
import {
  NOTHING_TO_DROP,
  ONE_PROVIDER,
  SHORT_WAITS,
  UNCHECKED,
  WRITTEN_AFTERWARDS,
} from '../frailties.ts'
import { kernel } from '../kernel.ts'
import jsonl from '../parts/checkpoint/jsonl.ts'
import paging from '../parts/context/paging.ts'
import archival from '../parts/memory/archival.ts'
import coreBlocks from '../parts/memory/core-blocks.ts'
import recall from '../parts/memory/recall-search.ts'
import proc from '../parts/observe/proc.ts'
import terse from '../parts/recovery/terse.ts'
import heartbeat from '../parts/turn/heartbeat.ts'

export default kernel({
  mirrors: 'MemGPT (paper), arXiv 2310.08560',
  system:
    'You are MemGPT, an agent with a memory in layers. Core memory is always in your context; older messages are found with conversation_search, other text with archival_memory_search. Only send_message is seen by the user.',
  failsUnder: {
    ...UNCHECKED,
    ...ONE_PROVIDER,
    ...SHORT_WAITS,
    ...WRITTEN_AFTERWARDS,
    ...NOTHING_TO_DROP,
  },
  slots: {
    memory: [coreBlocks.with({ limitChars: 2000 }), recall, archival],
    recovery: terse.with({
      unknown: 'No function named {name}',
      malformed: "Error parsing JSON for function '{name}' arguments: {args}",
    }),
    context: paging,
    turn: heartbeat,
    checkpoint: jsonl,
    observe: proc,
  },
  retries: [1000, 2000, 4000],
  nativeWindowTokens: 8192,
})
