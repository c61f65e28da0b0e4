// Nothing outlives a crash: the job starts over.
import { part } from '../../kernel.ts'

export default part({
  slot: 'checkpoint',
  about: 'nothing outlives a crash',
  source: 'most loops',
  policy: {},
})
