// OpenHarness (HKUDS, 09bc641), read in source: a port in the style of Claude Code: old results cleared, long texts
// collapsed, then a summary that keeps six messages; sensitive paths denied before all else; 200 turns; agents write
// to each other's inboxes, and each works in a worktree.
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
import between from '../parts/interrupt/between-steps.ts'
import mailbox from '../parts/ipc/mailbox.ts'
import worktree from '../parts/isolation/worktree.ts'
import proc from '../parts/observe/proc.ts'
import terse from '../parts/recovery/terse.ts'
import claudeCode from '../parts/tools/claude-code.ts'
import whileCalls from '../parts/turn/while-calls.ts'

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
    tools: claudeCode,
    ipc: mailbox,
    recovery: terse,
    context: [microcompact, collapse, autoCompact.with({ keepRecentMessages: 6 })],
    turn: whileCalls,
    budget: turns.with({ turns: 200 }),
    checkpoint: jsonl,
    access: [sensitive, denyFirst],
    interrupt: between,
    observe: proc,
  },
  retries: [1000, 2000, 4000],
})
