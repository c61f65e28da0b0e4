// Claude Code (arXiv 2604.14228; constants from several agreeing secondary analyses; 2.1.330 observed): stages
// before every request, cheapest first; rules that deny before they allow; recently read files attached again;
// read-only tools beside each other; an abort at any token. Of the five stages two, snip and collapse, and the
// clearing of results by their size stand behind flags that are off in what is shipped (secondary reading); they
// are off here too, or the summary that is observed would never be reached. With all five it is
// `monolith+context=budget-reduction/snip/microcompact/context-collapse/auto-compact`.
// Departs from it: a call in flight at an abort is heard out, and the words for those behind it are Pi's; what is
// too large for a result is not in a file; tools of others that only read wait for their neighbours; its memory
// is notes of the model's own, where Claude Code shows up to five memory files that a model picks.
import { ONE_PROVIDER, UNCHECKED, WRITTEN_AFTERWARDS } from '../frailties.ts'
import { kernel } from '../kernel.ts'
import denyFirst from '../parts/access/deny-first.ts'
import jsonl from '../parts/checkpoint/jsonl.ts'
import autoCompact from '../parts/context/auto-compact.ts'
import budgetReduction from '../parts/context/budget-reduction.ts'
import microcompact from '../parts/context/microcompact.ts'
import byToken from '../parts/interrupt/by-token.ts'
import none from '../parts/loops/none.ts'
import notes from '../parts/memory/notes.ts'
import proc from '../parts/observe/proc.ts'
import recentFiles from '../parts/pinning/recent-files.ts'
import terse from '../parts/recovery/terse.ts'
import claudeCode from '../parts/tools/claude-code.ts'
import whileCalls from '../parts/turn/while-calls.ts'

export default kernel({
  mirrors: 'Claude Code 2.1 (arXiv 2604.14228), 2026',
  system:
    'You are an interactive agent that helps users with software engineering tasks. Use the tools available to you to assist the user.',
  failsUnder: { ...UNCHECKED, ...ONE_PROVIDER, ...WRITTEN_AFTERWARDS },
  slots: {
    tools: claudeCode,
    memory: notes,
    recovery: terse.with({
      unknown: '<tool_use_error>Error: No such tool available: {name}</tool_use_error>',
      malformed:
        '<tool_use_error>InputValidationError: {name} was called with input that could not be parsed as JSON: {why}</tool_use_error>',
      shown: '{"__unparsedToolInput":{"raw":{args}}}',
    }),
    context: [budgetReduction, microcompact.with({ fullTokens: 0 }), autoCompact],
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
