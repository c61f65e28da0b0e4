// A known fault: what the user permitted is kept on disk, and holds again after a crash without a question. What
// was permitted then may not be wanted now. Else as `asked-once`.
import { part } from '../../kernel.ts'
import askedOnce from './asked-once.ts'

export default part({
  slot: 'access',
  about: 'known fault: what was permitted once is permitted after a crash, too',
  source:
    'Claude Code, arXiv 2604.14228: restoring grants on resume was ruled out (secondary reading); assumed here',
  constants: { ...askedOnce.constants, restores: 1 },
  policy: (constants) => askedOnce.with(constants).policy,
})
