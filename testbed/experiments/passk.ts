// tau-bench: errands over records, each tried several times, and how likely k trials all succeed.
import { passK } from '../../reports/stats/pass-k.ts'
import { alone, errand, isCarriedOut } from '../draws/errand.ts'
import { looping } from '../draws/reference.ts'
import { experiment, numberOf, oneOf, whole, wordOf } from '../experiment.ts'
import { percent } from '../measure.ts'

const DOMAINS = ['airline', 'retail', 'telecom', 'banking_knowledge']
const TRIALS = 4

export default experiment<boolean>({
  about: 'pass^k: how likely k trials of the same task all succeed',
  source:
    'tau2- and tau3-bench leaderboards (arXiv 2506.07982); here errands over records without a simulated user, as hard as their domain says, judged by the world at the end',
  tables: ['tau2_tau3_passk_leaderboard'],
  harness: 'loop',
  options: {
    domain: oneOf('whose tasks: how hard they are and how much they differ', DOMAINS),
    calls: whole('calls that a task needs', [1, 100], () => [6]),
    trials: {
      ...whole('trials of each task; pass^1 to pass^k are told', [1, 64], () => [TRIALS]),
      isReading: true,
    },
  },
  published: (rows) =>
    DOMAINS.filter((domain) => rows.some(({ condition }) => condition === domain)).map(
      (domain) => ({
        domain,
        calls: 6,
        trials: TRIALS,
      }),
    ),
  size: (at) => ({ instances: 250, trials: numberOf(at, 'trials') }),
  domain: (at) => wordOf(at, 'domain'),
  draw: (draw, at, { profile }) =>
    alone(
      errand(draw, { calls: numberOf(at, 'calls'), isKnown: false, payShare: 0.5 }),
      profile.window.native,
    ),
  kernel: () => looping({}),
  observe: (run) => run.instance.programs.every((program) => isCarriedOut(run, program)),
  measure(seen, at) {
    const condition = at.calls === 6 ? wordOf(at, 'domain') : `${at.domain}, ${at.calls} calls`
    const tasks = seen.map((trials) => ({
      passed: trials.filter(Boolean).length,
      of: trials.length,
    }))
    return Array.from({ length: numberOf(at, 'trials') }, (_, i) =>
      percent(
        { condition, metric: `pass^${i + 1}_pct` },
        tasks.map((task) => passK([task], i + 1) ?? 0),
      ),
    ).flat()
  },
})
