// Every job acts on the same files, at once: what the loop does by itself.
import { part } from '../../kernel.ts'

export default part({
  slot: 'isolation',
  about: 'all jobs act on the same files',
  source: 'Pi, Claude Code and Codex by default (read in source, observed)',
  policy: {},
})
