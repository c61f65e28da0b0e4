// A known fault of Pi 0.73.1: where what is kept is all there is, as after an overflow on a short history,
// it asks for the summary of an EMPTY conversation and puts it before everything. Read in source
// (prepareCompaction does not look whether anything is left to summarise), and observed on the wire.
import { part } from '../../kernel.ts'
import { CONSTANTS, onceAnOverflow } from './keep-recent.ts'

export default part({
  slot: 'context',
  about: 'known fault: as keep-recent, and summarises nothing where there is nothing to summarise',
  source:
    'Pi 0.73.1, compaction.js (read in source); its request with an empty <conversation> observed',
  constants: CONSTANTS,
  policy: (constants) => onceAnOverflow(constants, true),
})
