// One lock for all tools, held while one of them runs: whoever calls, calls are carried out one by one, in the
// order in which they came. Tools that a design runs through its terminal pass it by: only calls of the world's
// own wait. What one agent reads and later writes is no safer for it. That AIOS also skips a call of a tool that
// counts as in use is `silent-skip`.
import { part } from '../../kernel.ts'

const LAST = 'isolation.last'

export default part({
  slot: 'isolation',
  about: 'one tool runs at a time, whoever calls',
  source:
    'AIOS, aios/tool/manager.py: one lock held during tool.run; one worker for the queue of tools (read in source)',
  policy: {
    run(call, { shared }, next) {
      const last = (shared.get(LAST) as Promise<unknown> | undefined) ?? Promise.resolve()
      const running = last.then(() => next(call))
      shared.set(
        LAST,
        running.catch(() => {}),
      )
      return running
    },
  },
})
