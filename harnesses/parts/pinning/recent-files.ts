// The files read last are shown again once their results were dropped, as Claude Code does after a compaction,
// and not while they still stand there: with their text as it is now, cut to size, where there is room.
import { attach, isAttached, readsIn } from '../../history/attach.ts'
import { part } from '../../kernel.ts'

export default part({
  slot: 'pinning',
  about: 'shows the files read last again, once their results were dropped',
  source:
    'Claude Code: 5 files, 5,000 tokens each, 50,000 in all, after a compaction (secondary reading); the room is ours',
  constants: { files: 5, fileTokens: 5000, totalTokens: 50_000, roomShare: 0.8 },
  policy: (room) => ({
    prepare(c) {
      const shown = new Set(c.messages.map(({ callId }) => callId))
      const reads = [...readsIn(c)]
      if (reads.every(([, { callId }]) => shown.has(callId))) return
      const there = new Set(c.session.workspace.list())
      const recent = reads.filter(([path]) => there.has(path)).slice(-room.files)
      const gone = recent.filter(([path, { callId }]) => !shown.has(callId) && !isAttached(c, path))
      if (gone.length > 0) attach(c, gone.map(([path]) => path).reverse(), room)
    },
  }),
})
