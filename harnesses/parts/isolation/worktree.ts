// A job acts on a tree of its own, which is merged at its end: a file that only one side changed is taken over,
// one that both changed is merged by lines, and where their changes touch the job is done again on a new tree.
// Claude Code and OpenHarness make the worktree and leave the merge to whoever asked for it; that the kernel
// merges, and what it does about a conflict, is assumed. What was only read is not checked.

import { part, type Workspace } from '../../kernel.ts'
import { isTakenBack } from '../../turns/interrupt.ts'
import { merge } from '../../turns/merge.ts'

const BASE = 'isolation.base'

/** False where a file is in conflict; nothing is changed then. */
function mergeInto(mine: Workspace, base: Workspace, theirs: Workspace): boolean {
  const merged = new Map<string, string | undefined>()
  for (const path of mine.changes()) {
    const own = mine.read(path)
    const file = merge(base.read(path), own, theirs.read(path))
    if (file === undefined) return false
    if (file.text !== own) merged.set(path, file.text)
  }
  for (const [path, text] of merged) {
    if (text === undefined) mine.remove(path)
    else mine.write(path, text)
  }
  return true
}

export default part({
  slot: 'isolation',
  about: 'a worktree for each job, merged by lines at its end; in conflict the job is done again',
  source:
    "Claude Code and OpenHarness: worktrees (secondary reading; read in source); the merge is git's",
  policy: {
    session: (machine, job) =>
      machine.open({ job: job.id, on: machine.workspace.branch({ invalidation: 'none' }) }),
    open: ({ machine, memo }) => void memo.set(BASE, machine.workspace.branch()),
    close(c) {
      const mine = c.session.workspace
      const base = c.memo.get(BASE) as Workspace
      const isWanted = !isTakenBack(c)
      const isMerged = isWanted && mergeInto(mine, base, c.machine.workspace)
      base.abort()
      if (isMerged) return mine.commit().kind === 'committed'
      mine.abort()
      return !isWanted
    },
  },
})
