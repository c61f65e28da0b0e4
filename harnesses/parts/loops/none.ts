// Nothing counts as going in circles: what the loop does by itself.
import { part } from '../../kernel.ts'

export default part({
  slot: 'loops',
  about: 'nothing looks for circles',
  source: 'Pi, Codex, MemGPT, Terminus 2, SWE-agent (none found in source)',
  policy: {},
})
