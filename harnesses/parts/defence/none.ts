// Results are shown as they come.
import { part } from '../../kernel.ts'

export default part({
  slot: 'defence',
  about: 'results are shown as they come',
  source: 'Pi, mini-swe-agent, Terminus-2 (read in source)',
  policy: {},
})
