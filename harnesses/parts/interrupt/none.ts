// A job that is taken back is done to its end: what the loop does by itself.
import { part } from '../../kernel.ts'

export default part({
  slot: 'interrupt',
  about: 'a job that is taken back is done to its end all the same',
  source: 'mini-swe-agent, Terminus-2 and most loops: no way to stop one (read in source)',
  policy: {},
})
