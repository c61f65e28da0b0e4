// The conversation as a tree of entries in a file that is only ever appended to: Pi's session format. A
// compaction is an entry, so what was dropped still stands in the file; what is changed otherwise is a branch.
// Read again after a crash, from the newest entry back to the root. In Pi the last line is the newest entry;
// here a branch counts once its leaf is told, so that one that was torn is not taken for the history.
import { estimate } from '../../history/estimate.ts'
import { linesOf, parsed, resume } from '../../kept/replay.ts'
import { change, EMPTY, type Entry, type Walked, walk } from '../../kept/session-tree.ts'
import { type Conversation, part } from '../../kernel.ts'

interface State {
  readonly walked: Walked
  /** The last line is torn: what comes next begins a line of its own. */
  readonly isTorn: boolean
  readonly isNew: boolean
}

const TREE = 'checkpoint.tree'

const pathOf = ({ session }: Conversation): string => `${session.job.id}.tree.jsonl`

export default part({
  slot: 'checkpoint',
  about: 'the conversation as a tree of entries, only ever appended to; resumed after a crash',
  source: 'Pi 0.73.1: session-manager.js, JSONL v3 with id and parentId (read in source)',
  policy: {
    async open(c) {
      const text = (await c.machine.disk.read(pathOf(c))) ?? ''
      const { values, isTorn } = parsed<Entry>(text)
      const walked = walk(values)
      resume(
        c,
        walked.history.map(({ message }) => message),
      )
      const state: State = { walked, isTorn, isNew: values.length === 0 }
      c.memo.set(TREE, state)
    },
    async save(c) {
      const { memo, messages, machine, session } = c
      const fresh: State = { walked: EMPTY, isTorn: false, isNew: true }
      const { walked, isTorn, isNew } = (memo.get(TREE) as State | undefined) ?? fresh
      const before = (): number => estimate(walked.history.map(({ message }) => message))
      const { entries, walked: now } = change(walked, messages, before)
      if (entries.length === 0) return
      const timestamp = machine.clock.now()
      const header: Entry = { type: 'session', version: 3, id: session.job.id, timestamp }
      const lines = linesOf(isNew ? [header, ...entries] : entries)
      await machine.disk.append(pathOf(c), isTorn ? `\n${lines}` : lines)
      const state: State = { walked: now, isTorn: false, isNew: false }
      memo.set(TREE, state)
    },
  },
})
