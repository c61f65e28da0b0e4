// Codex CLI (0.169, read in source and observed): at nine tenths of the window all but the user's words gives way
// to a summary; an unknown call is called unsupported; what an abort leaves open is answered with `aborted`.
// Departs from it: where arguments break is told in JavaScript's words, not serde's; an empty summary changes
// nothing (there it takes the history's place); what is aborted is not marked as such for a next turn, which a job
// has not.
import {
  NOTHING_TO_DROP,
  ONE_PROVIDER,
  SHORT_WAITS,
  UNCHECKED,
  WRITTEN_AFTERWARDS,
} from '../frailties.ts'
import { kernel } from '../kernel.ts'
import jsonl from '../parts/checkpoint/jsonl.ts'
import users from '../parts/context/user-messages-and-summary.ts'
import orphans from '../parts/interrupt/orphans-answered.ts'
import proc from '../parts/observe/proc.ts'
import terse from '../parts/recovery/terse.ts'
import codex from '../parts/tools/codex.ts'
import whileCalls from '../parts/turn/while-calls.ts'

const CLIENT = [200, 400, 800, 1600]

export default kernel({
  mirrors: 'Codex CLI 0.169, November 2026',
  system:
    'You are a coding agent running in the Codex CLI, a terminal-based coding assistant. You are expected to be precise, safe, and helpful.',
  failsUnder: {
    ...UNCHECKED,
    ...ONE_PROVIDER,
    ...SHORT_WAITS,
    ...WRITTEN_AFTERWARDS,
    ...NOTHING_TO_DROP,
  },
  slots: {
    tools: codex,
    recovery: terse.with({
      unknown: 'unsupported call: {name}',
      malformed: 'failed to parse function arguments: {why}',
    }),
    context: users,
    turn: whileCalls,
    checkpoint: jsonl,
    interrupt: orphans,
    observe: proc,
  },
  // Its client asks four times more, and that five times over: 30 requests in 25 seconds, as observed.
  retries: [...CLIENT, ...[200, 400, 800, 1600, 3200].flatMap((ms) => [ms, ...CLIENT])],
})
