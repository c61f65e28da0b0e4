// Nothing is published.
import { part } from '../../kernel.ts'

export default part({
  slot: 'observe',
  about: 'nothing is published but what the wire shows',
  source: 'most harnesses: a transcript, and no more',
  policy: {},
})
