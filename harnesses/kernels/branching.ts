// Fork, Explore, Commit (arXiv 2602.08199) over the loop: every job acts on a branch of the files, the first
// commit makes its siblings stale, and who lost starts over. A job that is taken back, or that a crash ended,
// leaves no branch: so no conversation is kept either. Effects beside the files are not rolled back.
// Departs from it: a loser is ended at its next request, not killed at once, and starts over three times by
// itself; a branch is of files alone, and has no branches of its own.
import {
  NOTHING_TO_DROP,
  NOTHING_WRITTEN,
  ONE_PROVIDER,
  SHORT_WAITS,
  UNCHECKED,
} from '../frailties.ts'
import { kernel } from '../kernel.ts'
import noCheckpoint from '../parts/checkpoint/none.ts'
import dropOldest from '../parts/context/drop-oldest.ts'
import between from '../parts/interrupt/between-steps.ts'
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
    ...NOTHING_WRITTEN,
    ...NOTHING_TO_DROP,
  },
  slots: {
    isolation: branch.with({ invalidation: 'siblings' }),
    recovery: strict,
    context: dropOldest,
    pinning: task,
    checkpoint: noCheckpoint,
    interrupt: between,
    observe: proc,
  },
  retries: [1000, 2000, 4000],
})
