// Terminus 2 (Terminal-Bench, Harbor; read in a fork): no tools, keystrokes into one terminal and what it
// shows; the claim to be done has to be repeated; where little room is left three requests hand over to a fresh
// context. A user is told the analysis of the last answer. No exit code is shown, here as there: a screen is
// all there is.
// Departs from it: a command runs to its end, a shell each; the screen that is handed over is the newest
// result; and room is kept for what the handoff asks, which in a small window is more than its share.
import {
  CUT_OFF_IN_SILENCE,
  NOTHING_WRITTEN,
  ONE_PROVIDER,
  SHORT_WAITS,
  TEXT_ALONE,
  UNCHECKED,
} from '../frailties.ts'
import { kernel } from '../kernel.ts'
import turns from '../parts/budget/turns.ts'
import qa from '../parts/context/qa-handoff.ts'
import proc from '../parts/observe/proc.ts'
import task from '../parts/pinning/task.ts'
import keystrokes from '../parts/tools/keystrokes.ts'
import double from '../parts/turn/double-confirmation.ts'

export default kernel({
  mirrors: 'Terminus 2 (Terminal-Bench / Harbor), 2026',
  system: 'You are an AI assistant tasked with solving command-line tasks in a Linux environment.',
  failsUnder: {
    'hollow-success': UNCHECKED['hollow-success'],
    ...ONE_PROVIDER,
    ...SHORT_WAITS,
    ...NOTHING_WRITTEN,
    ...TEXT_ALONE,
    ...CUT_OFF_IN_SILENCE,
  },
  slots: {
    tools: keystrokes,
    context: qa,
    pinning: task,
    turn: double,
    budget: turns.with({ turns: 1_000_000 }),
    observe: proc,
  },
  retries: [2000, 4000],
})
