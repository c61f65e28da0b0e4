// A bound on the turns of a job.

import { show } from '../../kept/meter.ts'
import { part } from '../../kernel.ts'

export default part({
  slot: 'budget',
  about: 'so many turns a job',
  source: 'Letta v3: DEFAULT_MAX_STEPS = 50 (read in source)',
  constants: { turns: 50 },
  policy: ({ turns: most }) => ({
    open: (c) => show(c, 'turns', () => ({ turns: c.turns, of: most })),
    spent: ({ turns }) => (turns >= most ? `${most} turns` : undefined),
  }),
})
