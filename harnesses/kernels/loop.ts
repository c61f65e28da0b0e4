// The loop that everyone writes first: the world's tools, an error text for what fails, the oldest turns
// dropped when the window is full.
import {
  NOTHING_TO_DROP,
  NOTHING_WRITTEN,
  ONE_PROVIDER,
  SHORT_WAITS,
  UNCHECKED,
} from '../frailties.ts'
import { kernel } from '../kernel.ts'
import turns from '../parts/budget/turns.ts'
import none from '../parts/checkpoint/none.ts'
import dropOldest from '../parts/context/drop-oldest.ts'
import shared from '../parts/isolation/shared.ts'
import terse from '../parts/recovery/terse.ts'
import world from '../parts/tools/world.ts'
import whileCalls from '../parts/turn/while-calls.ts'

export default kernel({
  mirrors: 'a loop written in an afternoon',
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
    context: dropOldest,
    tools: world,
    turn: whileCalls,
    recovery: terse,
    isolation: shared,
    budget: turns,
    checkpoint: none,
  },
  retries: [1000, 2000, 4000],
})
