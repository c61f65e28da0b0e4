// Sessions do not speak to each other.
import { part } from '../../kernel.ts'

export default part({
  slot: 'ipc',
  about: 'sessions do not speak to each other',
  source: 'mini-swe-agent, SWE-agent, Terminus-2: one session, no messages (read in source)',
  policy: {},
})
