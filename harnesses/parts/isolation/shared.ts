// Every job acts on the same files, at once.
import { part } from '../../kernel.ts'

export default part({
  slot: 'isolation',
  about: 'all jobs act on the same files',
  source: 'Pi, Claude Code and Codex by default',
  policy: { open: (machine, job) => machine.open({ job: job.id }), close: () => true },
})
