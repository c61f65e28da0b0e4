// The loop goes on while the model calls tools; the first answer without a call ends the job: what the loop
// does by itself.
import { part } from '../../kernel.ts'

export default part({
  slot: 'turn',
  about: 'goes on while there are calls; an answer without one ends the job',
  source: 'Pi, Claude Code, Codex and most loops (read in source)',
  policy: {},
})
