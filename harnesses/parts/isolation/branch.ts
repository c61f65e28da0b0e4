// A job acts on a branch of the files; at its end the first to commit wins, and who lost does it again.
import { part } from '../../kernel.ts'

export default part({
  slot: 'isolation',
  about: 'a branch for each job; first commit wins, the loser starts over',
  source: 'Fork, Explore, Commit, arXiv 2602.08199',
  policy: {
    session: (machine, job) => machine.open({ job: job.id, on: machine.workspace.branch() }),
    close: ({ session }) => session.workspace.commit().kind === 'committed',
  },
})
