// Optimistic concurrency control: a job writes on a branch, and reads there what others have committed or the
// world has changed meanwhile. At its end all that it read and wrote must be as it last saw it, or the job is
// done again. Nobody waits for anybody. What counts is what it saw last: who reads twice and goes by the first
// reading is not caught, and a search over all files counts as reading them.

import { part } from '../../kernel.ts'
import { isTakenBack } from '../../turns/interrupt.ts'

export default part({
  slot: 'isolation',
  about: 'a branch that sees what is new; kept only where all that it read still stands',
  source: 'Kung and Robinson, On optimistic methods for concurrency control, 1981 (from memory)',
  policy: {
    session: (machine, job) =>
      machine.open({ job: job.id, on: machine.workspace.branch({ invalidation: 'reads' }) }),
    close(c) {
      const { workspace } = c.session
      if (!isTakenBack(c)) return workspace.commit().kind === 'committed'
      workspace.abort()
      return true
    },
  },
})
