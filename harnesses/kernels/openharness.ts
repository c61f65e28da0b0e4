// OpenHarness (HKUDS, 09bc641), read in source: a port in the style of Claude Code: old results cleared, long
// texts collapsed, then a summary that keeps six messages; sensitive paths denied before all else; 200 turns;
// agents write to each other's inboxes, and each works in a worktree.
// Departs from it: how full the window is is reckoned from usage (there characters / 3); long results are
// collapsed, too, and only as they are shown; a conversation of more than 16 messages is not condensed without a
// model first; after an overflow it compacts once a turn (there once a job); tools have the names and words of
// Claude Code's, and denials too; changes within the workspace are not asked about; a broken connection is asked
// again (there not); the conversation is written down each turn (there once a prompt).
import {
  NOTHING_TO_DROP,
  ONE_PROVIDER,
  SHORT_WAITS,
  UNCHECKED,
  WRITTEN_AFTERWARDS,
} from '../frailties.ts'
import { kernel } from '../kernel.ts'
import denyFirst from '../parts/access/deny-first.ts'
import sensitive from '../parts/access/sensitive-paths.ts'
import turns from '../parts/budget/turns.ts'
import jsonl from '../parts/checkpoint/jsonl.ts'
import autoCompact from '../parts/context/auto-compact.ts'
import collapse from '../parts/context/context-collapse.ts'
import microcompact from '../parts/context/microcompact.ts'
import byToken from '../parts/interrupt/by-token.ts'
import mailbox from '../parts/ipc/mailbox.ts'
import worktree from '../parts/isolation/worktree.ts'
import proc from '../parts/observe/proc.ts'
import terse from '../parts/recovery/terse.ts'
import claudeCode from '../parts/tools/claude-code.ts'
import whileCalls from '../parts/turn/while-calls.ts'

/** Nothing is done before, and then all of it, as far as is needed. */
const RESERVE_TOKENS = 33_000
const FULL_TOKENS = 200_000 - RESERVE_TOKENS

export default kernel({
  mirrors: 'OpenHarness (HKUDS, 09bc641), 2026',
  system:
    'You are OpenHarness, an agent that helps users with software engineering tasks using the tools available.',
  failsUnder: {
    ...UNCHECKED,
    ...ONE_PROVIDER,
    ...SHORT_WAITS,
    ...WRITTEN_AFTERWARDS,
    ...NOTHING_TO_DROP,
  },
  slots: {
    isolation: worktree,
    tools: claudeCode.with({ besideTools: ['Read', 'Grep', 'Glob', 'Bash'] }),
    ipc: mailbox,
    recovery: terse.with({ malformed: 'Invalid input for {name}: {why}', shown: '{}' }),
    context: [
      microcompact.with({ idleMs: 0, fullTokens: FULL_TOKENS }),
      collapse.with({ fullShare: 1, reserveTokens: RESERVE_TOKENS }),
      autoCompact.with({ keepRecentMessages: 6, offersTools: 0 }),
    ],
    turn: whileCalls,
    budget: turns.with({ turns: 200 }),
    checkpoint: jsonl,
    access: [sensitive, denyFirst],
    interrupt: byToken,
    observe: proc,
  },
  retries: [1000, 2000, 4000],
})
