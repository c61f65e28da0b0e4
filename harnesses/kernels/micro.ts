// Pi (pi-coding-agent 0.73.1), read in source and observed: four tools, no permission gate, no maximum of turns,
// compaction after an overflow, arguments coerced, cut-off JSON repaired and run, a session as a tree in JSONL.
// Departs from it: a call that is in flight at an abort is heard out (there it is given up and says so); of an
// answer that was cut off nothing is written down (there it is, and left out of what is sent); a call that changes
// a file, or of a tool that is not its own, waits for its neighbours (there only those wait that change the same
// file).
import {
  NOTHING_TO_DROP,
  ONE_PROVIDER,
  SHORT_WAITS,
  UNCHECKED,
  WRITTEN_AFTERWARDS,
} from '../frailties.ts'
import { kernel } from '../kernel.ts'
import none from '../parts/budget/none.ts'
import tree from '../parts/checkpoint/tree.ts'
import keepRecent from '../parts/context/keep-recent.ts'
import byToken from '../parts/interrupt/by-token.ts'
import shared from '../parts/isolation/shared.ts'
import proc from '../parts/observe/proc.ts'
import coerce from '../parts/recovery/coerce-types.ts'
import repairJson from '../parts/recovery/repair-json.ts'
import coding from '../parts/tools/coding.ts'
import whileCalls from '../parts/turn/while-calls.ts'

// As long as where `enosys install pi` puts it: the prompt of the real one names the place.
const DOCS =
  '/srv/.cache/enosys/adapters/@mariozechner/pi-coding-agent@0.73.1/node_modules/@mariozechner/pi-coding-agent'

const SYSTEM = `You are an expert coding assistant operating inside pi, a coding agent harness. You help users by reading files, executing commands, editing code, and writing new files.

Available tools:
- read: Read file contents
- bash: Execute bash commands (ls, grep, find, etc.)
- edit: Make precise file edits with exact text replacement, including multiple disjoint edits in one call
- write: Create or overwrite files

In addition to the tools above, you may have access to other custom tools depending on the project.

Guidelines:
- Use bash for file operations like ls, rg, find
- Use read to examine files instead of cat or sed.
- Use edit for precise changes (edits[].oldText must match exactly)
- When changing multiple separate locations in one file, use one edit call with multiple entries in edits[] instead of multiple edit calls
- Each edits[].oldText is matched against the original file, not after earlier edits are applied. Do not emit overlapping or nested edits. Merge nearby changes into one edit.
- Keep edits[].oldText as small as possible while still being unique in the file. Do not pad with large unchanged regions.
- Use write only for new files or complete rewrites.
- Be concise in your responses
- Show file paths clearly when working with files

Pi documentation (read only when the user asks about pi itself, its SDK, extensions, themes, skills, or TUI):
- Main documentation: ${DOCS}/README.md
- Additional docs: ${DOCS}/docs
- Examples: ${DOCS}/examples (extensions, custom tools, SDK)
- When asked about: extensions (docs/extensions.md, examples/extensions/), themes (docs/themes.md), skills (docs/skills.md), prompt templates (docs/prompt-templates.md), TUI components (docs/tui.md), keybindings (docs/keybindings.md), SDK integrations (docs/sdk.md), custom providers (docs/custom-provider.md), adding models (docs/models.md), pi packages (docs/packages.md)
- When working on pi topics, read the docs and examples, and follow .md cross-references before implementing
- Always read pi .md files completely and follow links to related docs (e.g., tui.md for TUI API details)
Current date: 2026-11-01
Current working directory: /mnt/work`

const CLIENT = [500, 1000]

export default kernel({
  mirrors: 'Pi 0.73.1 (@mariozechner/pi-coding-agent), November 2026',
  system: SYSTEM,
  failsUnder: {
    ...UNCHECKED,
    ...ONE_PROVIDER,
    ...SHORT_WAITS,
    ...WRITTEN_AFTERWARDS,
    ...NOTHING_TO_DROP,
  },
  slots: {
    isolation: shared,
    tools: coding,
    recovery: [repairJson, coerce],
    context: keepRecent,
    turn: whileCalls,
    budget: none,
    checkpoint: tree,
    interrupt: byToken,
    observe: proc,
  },
  // Its client asks twice more, each of four times: 12 requests in 20 seconds, as observed.
  retries: [...CLIENT, ...[2000, 4000, 8000].flatMap((ms) => [ms, ...CLIENT])],
})
