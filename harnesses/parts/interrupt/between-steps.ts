// Looked at before each request: an answer that is being spoken is heard out and its calls are run, then the
// job stops. Letta cancels so, by a run's status that is read between its steps.

import { part } from '../../kernel.ts'
import { isTakenBack, mind, TAKEN_BACK } from '../../turns/interrupt.ts'

export default part({
  slot: 'interrupt',
  about: 'a job that is taken back stops before its next request; the step under way is finished',
  source: 'Letta server: cancel between steps (read in source)',
  policy: {
    open: mind,
    spent: (c) => (isTakenBack(c) ? TAKEN_BACK : undefined),
  },
})
