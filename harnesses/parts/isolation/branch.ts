// A job acts on a branch of the files; at its end the first to commit wins, and who lost does it again. What a
// commit does to other branches is `invalidation`. By the paper of Fork, Explore, Commit its siblings go
// stale (ESTALE) and are ended (`siblings`). BranchFS at its head (34193c1) ends only views of the root, by one
// epoch for all (`global`), and lets a branch's own view live: who commits last wins (`none`), with no check.
// `paths`, ours, refuses where a file that was written has changed. What was only read is checked by none.

import { part } from '../../kernel.ts'
import { isTakenBack } from '../../turns/interrupt.ts'

const INVALIDATIONS = ['paths', 'siblings', 'global', 'none'] as const

/** @throws {TypeError} for a policy that there is not. */
function invalidationOf(name: string): (typeof INVALIDATIONS)[number] {
  const found = INVALIDATIONS.find((known) => known === name)
  if (found === undefined)
    throw new TypeError(`invalidation: '${name}' is none of ${INVALIDATIONS.join(', ')}`)
  return found
}

export default part({
  slot: 'isolation',
  about: 'a branch for each job; first commit wins, the loser starts over',
  source: 'Fork, Explore, Commit, arXiv 2602.08199 (paper); BranchFS@34193c1 (read in source)',
  constants: { invalidation: 'paths' },
  policy(constants) {
    const invalidation = invalidationOf(constants.invalidation)
    return {
      session: (machine, job) =>
        machine.open({ job: job.id, on: machine.workspace.branch({ invalidation }) }),
      spent: ({ session }) =>
        session.workspace.isStale ? 'ESTALE: another branch was committed' : undefined,
      close(c) {
        const { workspace } = c.session
        if (!isTakenBack(c)) return workspace.commit().kind === 'committed'
        workspace.abort()
        return true
      },
    }
  },
})
