// Our own, found by a search over nine slots, and by hand (docs/best.md): only the last observations in the
// window, the task said again after each result, notes, a bad answer asked for again, an effect once for a
// job, and what a job wrote kept only where all that it read still stands. That all is done is not believed
// at once. Its waits, which were not searched for, are those of a patient client.
import { NOTHING_TO_DROP, ONE_PROVIDER } from '../frailties.ts'
import { kernel } from '../kernel.ts'
import once from '../parts/access/once.ts'
import lastN from '../parts/context/last-n-observations.ts'
import repeatedPrompt from '../parts/defence/repeated-prompt.ts'
import byToken from '../parts/interrupt/by-token.ts'
import optimistic from '../parts/isolation/optimistic.ts'
import notes from '../parts/memory/notes.ts'
import proc from '../parts/observe/proc.ts'
import requery from '../parts/recovery/requery.ts'
import doubleConfirmation from '../parts/turn/double-confirmation.ts'

export default kernel({
  mirrors: 'our own: found by a search over nine slots, and by hand; judged on what it never saw',
  system:
    'You are a helpful agent. Use the tools to do what the user asks. Say so when you are done.',
  failsUnder: {
    ...ONE_PROVIDER,
    ...NOTHING_TO_DROP,
    'hollow-success': 'what a tool says of a file is believed',
  },
  slots: {
    isolation: optimistic,
    memory: notes,
    recovery: requery,
    context: lastN,
    turn: doubleConfirmation,
    access: once,
    defence: repeatedPrompt,
    interrupt: byToken,
    observe: proc,
  },
  retries: [500, 1000, 2000, 4000, 8000, 16_000, 32_000],
})
