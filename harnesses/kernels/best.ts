// Our own, found by a search over the parts (docs/best.md): only the last observations in the window, an
// effect once for a job, a branch of the files for each job, a bad answer asked for again, and no word that
// all is done believed at once. Its waits, which were not searched for, are those of `monolith`.
import { NOTHING_TO_DROP, ONE_PROVIDER } from '../frailties.ts'
import { kernel } from '../kernel.ts'
import once from '../parts/access/once.ts'
import lastN from '../parts/context/last-n-observations.ts'
import branch from '../parts/isolation/branch.ts'
import proc from '../parts/observe/proc.ts'
import requery from '../parts/recovery/requery.ts'
import doubleConfirmation from '../parts/turn/double-confirmation.ts'

export default kernel({
  mirrors: 'our own: what a search over all parts found, judged on what it never saw',
  system:
    'You are a helpful agent. Use the tools to do what the user asks. Say so when you are done.',
  failsUnder: { ...ONE_PROVIDER, ...NOTHING_TO_DROP },
  slots: {
    isolation: branch,
    recovery: requery,
    context: lastN,
    turn: doubleConfirmation,
    access: once,
    observe: proc,
  },
  retries: [500, 1000, 2000, 4000, 8000, 16_000, 32_000],
})
