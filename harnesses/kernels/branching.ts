// Fork, Explore, Commit (arXiv 2602.08199) over the loop: every job acts on a branch of the files, the first commit
// makes its siblings stale, and who lost starts over. Effects beside the files are not rolled back.
import {
  NOTHING_TO_DROP,
  ONE_PROVIDER,
  SHORT_WAITS,
  UNCHECKED,
  WRITTEN_AFTERWARDS,
} from '../frailties.ts'
import { kernel } from '../kernel.ts'
import jsonl from '../parts/checkpoint/jsonl.ts'
import dropOldest from '../parts/context/drop-oldest.ts'
import branch from '../parts/isolation/branch.ts'
import proc from '../parts/observe/proc.ts'
import task from '../parts/pinning/task.ts'
import strict from '../parts/recovery/strict.ts'

export default kernel({
  mirrors: 'Fork, Explore, Commit, arXiv 2602.08199',
  system:
    'You are a helpful agent. Use the tools to do what the user asks. Say so when you are done.',
  failsUnder: {
    ...UNCHECKED,
    ...ONE_PROVIDER,
    ...SHORT_WAITS,
    ...WRITTEN_AFTERWARDS,
    ...NOTHING_TO_DROP,
  },
  slots: {
    isolation: branch.with({ invalidation: 'siblings' }),
    recovery: strict,
    context: dropOldest,
    pinning: task,
    checkpoint: jsonl,
    observe: proc,
  },
  retries: [1000, 2000, 4000],
})
