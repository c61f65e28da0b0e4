// Claude Code (arXiv 2604.14228; constants from several agreeing secondary analyses): five stages before every request,
// cheapest first; rules that deny before they allow; recently read files attached again; read-only tools beside each
// other; an abort at any token.
import { NOTHING_TO_DROP, ONE_PROVIDER, UNCHECKED, WRITTEN_AFTERWARDS } from '../frailties.ts'
import { kernel } from '../kernel.ts'
import denyFirst from '../parts/access/deny-first.ts'
import jsonl from '../parts/checkpoint/jsonl.ts'
import autoCompact from '../parts/context/auto-compact.ts'
import budgetReduction from '../parts/context/budget-reduction.ts'
import collapse from '../parts/context/context-collapse.ts'
import microcompact from '../parts/context/microcompact.ts'
import snip from '../parts/context/snip.ts'
import byToken from '../parts/interrupt/by-token.ts'
import none from '../parts/loops/none.ts'
import notes from '../parts/memory/notes.ts'
import proc from '../parts/observe/proc.ts'
import recentFiles from '../parts/pinning/recent-files.ts'
import strict from '../parts/recovery/strict.ts'
import claudeCode from '../parts/tools/claude-code.ts'
import whileCalls from '../parts/turn/while-calls.ts'

export default kernel({
  mirrors: 'Claude Code 2.1 (arXiv 2604.14228), 2026',
  system:
    'You are an interactive agent that helps users with software engineering tasks. Use the tools available to you to assist the user.',
  failsUnder: { ...UNCHECKED, ...ONE_PROVIDER, ...WRITTEN_AFTERWARDS, ...NOTHING_TO_DROP },
  slots: {
    tools: claudeCode,
    memory: notes,
    recovery: strict,
    context: [budgetReduction, snip, microcompact, collapse, autoCompact],
    pinning: recentFiles,
    turn: whileCalls,
    loops: none,
    checkpoint: jsonl,
    access: denyFirst,
    interrupt: byToken,
    observe: proc,
  },
  retries: [500, 1000, 2000, 4000, 8000, 16_000, 32_000],
})
