// opencode (1.18, read in source and observed): old tool output is pruned first, then an agent of its own
// summarises; an invalid call becomes a call of `invalid`; three identical calls ask the user; the last rule that
// matches wins.
// Departs from it: it gives up asking after five minutes (there never); of an answer that is cut off, text without
// a whole call is not kept; calls of bash run beside each other, and those that change a file one after the other
// (there all run at once, but those on one file).
import { ONE_PROVIDER, UNCHECKED, WRITTEN_AFTERWARDS } from '../frailties.ts'
import { kernel } from '../kernel.ts'
import lastMatch from '../parts/access/last-match.ts'
import snapshot from '../parts/checkpoint/snapshot.ts'
import compaction from '../parts/context/compaction-agent.ts'
import prune from '../parts/context/prune-tool-output.ts'
import orphans from '../parts/interrupt/orphans-answered.ts'
import three from '../parts/loops/three-identical.ts'
import proc from '../parts/observe/proc.ts'
import reroute from '../parts/recovery/reroute.ts'
import opencode from '../parts/tools/opencode.ts'
import whileCalls from '../parts/turn/while-calls.ts'

export default kernel({
  mirrors: 'opencode 1.18.33, November 2026',
  system:
    'You are opencode, an interactive CLI agent that helps users with software engineering tasks.',
  failsUnder: { ...UNCHECKED, ...ONE_PROVIDER, ...WRITTEN_AFTERWARDS },
  slots: {
    tools: opencode.with({ besideTools: ['read', 'grep', 'glob', 'list', 'bash'] }),
    recovery: reroute,
    context: [prune, compaction],
    turn: whileCalls,
    loops: three,
    checkpoint: snapshot,
    access: lastMatch,
    interrupt: orphans.with({ graceMs: 250, aborted: 'Tool execution aborted' }),
    observe: proc,
  },
  retries: [2000, 4000, 8000, 16_000, ...Array<number>(9).fill(30_000)],
})
