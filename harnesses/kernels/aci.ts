// SWE-agent 1.x (3ea751c), read in source: an interface made for agents (a window of 100 lines on a file, edits
// that a linter guards), exactly one call a turn, up to three requeries that leave no trace in the history, and
// only the last five observations in the window.
// Departs from it: bash is asked again for no error of its syntax, an edit is linted where it is JSON, and
// nothing is submitted where a job ends otherwise: the files are what they are.
import {
  NOTHING_TO_DROP,
  NOTHING_WRITTEN,
  ONE_PROVIDER,
  SHORT_WAITS,
  UNCHECKED,
} from '../frailties.ts'
import { kernel } from '../kernel.ts'
import cost from '../parts/budget/cost.ts'
import time from '../parts/budget/time.ts'
import noCheckpoint from '../parts/checkpoint/none.ts'
import lastN from '../parts/context/last-n-observations.ts'
import proc from '../parts/observe/proc.ts'
import requery from '../parts/recovery/requery.ts'
import aci from '../parts/tools/aci.ts'
import oneAction from '../parts/turn/one-action.ts'

export default kernel({
  mirrors: 'SWE-agent 1.x (3ea751c), 2026',
  system:
    'You are a helpful assistant that can interact with a computer to solve tasks. Use exactly one tool call in each response. Call submit when you are done.',
  failsUnder: {
    ...UNCHECKED,
    ...ONE_PROVIDER,
    ...SHORT_WAITS,
    ...NOTHING_WRITTEN,
    ...NOTHING_TO_DROP,
  },
  slots: {
    tools: aci,
    recovery: requery,
    context: lastN,
    turn: oneAction,
    budget: [cost, time],
    checkpoint: noCheckpoint,
    observe: proc,
  },
  retries: [4000, 8000, 16_000],
})
