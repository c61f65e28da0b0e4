// The conversation on disk, a message a line; read again after a crash. A torn last line is dropped, and
// calls whose results are missing are answered, as Pi does when it replays a session. What was added is
// appended; where the history was changed otherwise (a compaction) or the file is torn, it is written anew.

import { addedTo, linesOf, parsed, resume } from '../../kept/replay.ts'
import { type Message, part } from '../../kernel.ts'

/** The messages that stand in the file as they are. */
const SAVED = 'checkpoint.jsonl'

export default part({
  slot: 'checkpoint',
  about: 'the conversation in a file, a message a line; resumed after a crash',
  source: 'Pi 0.73.1: session-manager.js, JSONL; synthetic results on replay (read in source)',
  policy: {
    async open(c) {
      const text = (await c.machine.disk.read(`${c.session.job.id}.jsonl`)) ?? ''
      const { values, isTorn } = parsed<Message>(text)
      if (resume(c, values) && !isTorn) c.memo.set(SAVED, values)
    },
    async save({ machine: { disk }, session, memo, messages }) {
      const path = `${session.job.id}.jsonl`
      const saved = memo.get(SAVED) as readonly Message[] | undefined
      const added = addedTo(saved, messages)
      // Until it is written, nobody knows what stands there.
      memo.delete(SAVED)
      if (added === undefined) await disk.write(path, linesOf(messages))
      else if (added.length > 0) await disk.append(path, linesOf(added))
      memo.set(SAVED, messages)
    },
  },
})
