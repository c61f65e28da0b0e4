// Every call that can run is run.
import { part } from '../../kernel.ts'

export default part({
  slot: 'access',
  about: 'every call is permitted',
  source: 'Pi, SWE-agent and Terminus-2: no gate, a container at best (read in source)',
  policy: {},
})
