// An abort signal reaches the answer as it is spoken. Of an answer that was cut off nothing is kept (Pi leaves
// aborted messages out of what the provider sees), so a cut-off call is never run. The call in flight is
// heard out; the calls behind it are answered and not run.

import { part } from '../../kernel.ts'
import { abandoned, cutOff, isTakenBack, TAKEN_BACK, unrun } from '../../turns/interrupt.ts'

const ABORTED = 'Operation aborted'

export default part({
  slot: 'interrupt',
  about: 'an answer is cut off at the token and dropped; no call is begun any more',
  source:
    'Pi 0.73.1, agent-loop.js and tools: AbortSignal (read in source); opencode, Claude Code alike (secondary)',
  policy: {
    open: cutOff,
    spent: (c) => (isTakenBack(c) ? TAKEN_BACK : undefined),
    async ask(request, c, next) {
      const completion = isTakenBack(c) ? abandoned : await next(request)
      return isTakenBack(c) ? abandoned : completion
    },
    read: (call, c, next) =>
      isTakenBack(c) ? { kind: 'tell', result: unrun(ABORTED) } : next(call),
    run: (call, c, next) => (isTakenBack(c) ? Promise.resolve(unrun(ABORTED)) : next(call)),
    after: (_turn, c) =>
      isTakenBack(c) ? { kind: 'end', reply: `Stopped: ${TAKEN_BACK}.` } : undefined,
  },
})
