// A known fault: auto-compaction that goes by the usage told before it. What it says after a compaction is
// as high as before, so it compacts again at once, summary of summary, until a breaker ends the thrashing;
// the next answer brings true usage. Pi 0.73.1 has a guard against it (agent-session.js, read in source);
// Claude Code 2.1.330 ended a run of three in a row so (observed, under usage that stayed high).

import { windowUsed } from '../../history/usage.ts'
import { part } from '../../kernel.ts'
import { autoCompact, CONSTANTS, isBroken, reactive, threshold } from './auto-compact.ts'

export default part({
  slot: 'context',
  about:
    'known fault: auto-compact by the usage told before it, again at once until a breaker trips',
  source: 'the guard in Pi 0.73.1 (read in source); thrashing of Claude Code 2.1.330 observed',
  constants: { ...CONSTANTS, inARow: 3 },
  policy: ({ inARow, ...of }) => ({
    async prepare(c) {
      const stale = windowUsed(c)
      for (let n = 0; n < inARow && stale >= threshold(c, of); n++)
        if (isBroken(c, of) || !(await autoCompact(c, of))) break
    },
    ...reactive(of),
  }),
})
