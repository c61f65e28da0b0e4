// Nothing is kept outside of the window.
import { part } from '../../kernel.ts'

export default part({
  slot: 'memory',
  about: 'nothing is kept outside the window',
  source: 'Pi, Terminus-2, SWE-agent and mini-swe-agent (read in source)',
  policy: {},
})
