// A bound on the turns of a job.
import { part } from '../../kernel.ts'

const TURNS = 50

export default part({
  slot: 'budget',
  about: `at most ${TURNS} turns a job`,
  source: 'Letta v3: DEFAULT_MAX_STEPS = 50 (read in source)',
  policy: { spent: ({ turns }) => (turns >= TURNS ? `${TURNS} turns` : undefined) },
})
