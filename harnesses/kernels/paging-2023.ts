// MemGPT as its code was in 2023 (letta 2d2337093, memgpt/constants.py and agent.py), read in source: the alert at
// three quarters of the window, a summary only after the provider refused, three quarters of the tokens cut, the
// newest three messages kept.
import { kernel } from '../kernel.ts'
import queue from '../parts/context/paging.ts'
import paging from './paging.ts'

export default kernel({
  ...paging.page,
  mirrors: 'MemGPT (code of 2023, 2d2337093)',
  slots: {
    ...paging.page.slots,
    context: queue.with({
      warnShare: 0.75,
      evictShare: 0.75,
      keepLastMessages: 3,
      summaryWords: 100,
      onOverflowOnly: 1,
    }),
  },
})
