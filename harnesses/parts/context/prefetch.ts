// Reads ahead: before a request, files that the task names and nobody opened yet, and files that were read but
// whose text is not shown any more, are put into the window, where there is room. It only reads, and costs
// tokens: a guess that is wrong is paid for in every request.
import { attach, isAttached, readsIn } from '../../history/attach.ts'
import { isNamed, pathsIn } from '../../history/references.ts'
import { sizeOf } from '../../history/rounds.ts'
import { type Conversation, part } from '../../kernel.ts'

/** Read before, and now dropped, cleared or cut; the newest first. */
function lost(c: Conversation): string[] {
  const shown = new Map(c.messages.map(({ callId, content }) => [callId, content]))
  const paths: string[] = []
  for (const [path, { callId, content }] of readsIn(c))
    if (shown.get(callId) !== content) paths.unshift(path)
  return paths
}

/** Named by the task, and by no call yet. */
function wanted(c: Conversation): string[] {
  const task = c.transcript.find(({ role }) => role === 'user')
  return pathsIn(task?.content ?? '').filter((path) => !isNamed(c, path))
}

export default part({
  slot: 'context',
  about: 'shows files that the task names, or that were read and are gone, where there is room',
  source:
    'prefetching in operating systems; sizes as Claude Code re-attaches files after a compaction (secondary reading); the choice of files and the room are ours',
  constants: { files: 5, fileTokens: 5000, totalTokens: 50_000, roomShare: 0.5 },
  policy: (room) => ({
    prepare(c) {
      if (sizeOf(c) >= room.roomShare * c.session.limits.windowTokens) return
      const paths = [...new Set([...lost(c), ...wanted(c)])]
      const missing = paths.filter((path) => !isAttached(c, path))
      if (missing.length > 0) attach(c, missing, room)
    },
  }),
})
