// One user floods the machine with jobs, and some of their answers are slow. Another has a single small one, and
// the model speaks few answers at once. Whoever shares among jobs instead of users lets the second one starve.
import { jobOf } from '../../sim/index.ts'
import { answeredMs } from '../materials/pace.ts'
import { isSorted, pauses, piled, pileOf } from '../materials/pile.ts'
import { windowOf } from '../materials/steps.ts'
import { type Judged, scenario, type Violation } from '../scenario.ts'

const LEAST_PAUSE_MS = 20_000
const MOST_PAUSE_MS = 80_000
const QUIET = 'ben'

function check(judged: Judged): Violation[] {
  const { instance } = judged
  const answered = answeredMs(judged)
  const found: Violation[] = []
  for (const { id: user, jobs } of instance.users) {
    for (const { id, deadlineMs = Number.POSITIVE_INFINITY } of jobs) {
      const at = answered(id)
      if (at !== undefined && at > deadlineMs)
        found.push({ name: 'starved', says: "lets one user's small job wait for another's flood" })
    }
    const undone = jobs.filter(({ id }) => !isSorted(judged, id))
    // In many jobs the model errs in some, whoever schedules them: those are not asked about, but for half of all.
    const isLeft = undone.some(({ id }) => !hasLapsed(judged, id))
    if (!isLeft && 2 * undone.length < jobs.length) continue
    found.push(
      user === QUIET
        ? { name: 'quiet-undone', says: 'does not do the small job' }
        : { name: 'flood-undone', says: 'leaves jobs of the busy user undone' },
    )
  }
  return found
}

/** Whether anything departed from competence in a job, or around it. */
const hasLapsed = ({ trace }: Judged, job: string): boolean =>
  trace.some(
    (event) =>
      event.kind === 'decision' &&
      event.p !== null &&
      (event.id.split('/')[0] ?? '').split('+').some((scope) => jobOf(scope) === job),
  )

export default scenario({
  claim: "A user's small job is answered in time, however many jobs another user has.",
  source:
    'Kay and Lauder, A Fair Share Scheduler, CACM 1988; AIOS, arXiv 2403.16971 (agents share one model)',
  good: 'shares the model among users, so that a user with one job has the next turn however many jobs another one has waiting',
  bad: 'serves jobs in the order they came, or shares among jobs alike, and puts the only job of one user behind all those of another',
  own: ['starved'],
  isPortable: false,
  params: {
    jobs: { default: 16, min: 1, max: 40, simplest: 1, about: 'jobs of the busy user' },
    length: { default: 200, min: 10, max: 1000, simplest: 10, about: 'tokens of their summaries' },
    pauses: {
      default: 4,
      min: 0,
      max: 40,
      simplest: 0,
      about: 'jobs of theirs with a slow answer, at most all',
    },
    stretch: {
      default: 10,
      min: 3,
      max: 200,
      simplest: 200,
      about: 'time within which the small job has to be answered / what it takes alone',
    },
    cores: { default: 1, min: 1, max: 8, simplest: 8, about: 'answers that are spoken at once' },
    window: windowOf(32_000),
  },
  draw(draw, { jobs: count, length, pauses: slow, stretch, cores, window }) {
    const number = draw.int(100, 999)
    const flood = Array.from({ length: count }, (_, i) =>
      pileOf(draw, {
        job: `flood-${number}-${i + 1}`,
        asks: 'One of many.',
        count: 1,
        documentTokens: 120,
        textTokens: length,
      }),
    )
    const small = pileOf(draw, {
      job: `small-${number}`,
      asks: 'A small thing, please.',
      count: 1,
      documentTokens: 60,
      textTokens: 20,
    })
    const slowly = draw
      .some(flood, Math.min(slow, count))
      .map((pile) =>
        pauses(draw, pile, { count: 1, leastMs: LEAST_PAUSE_MS, mostMs: MOST_PAUSE_MS }),
      )
    const floodMs = [...flood.map(({ aloneMs: ms }) => ms), ...slowly.map(({ ms }) => ms)]
    const busyMs = floodMs.reduce((sum, ms) => sum + ms, 0)
    const arrivesMs = Math.round((0.02 + 0.5 * draw.next()) * busyMs)
    const jobs = flood.map(({ job, prompt }) => ({ id: job, prompt, arrivesMs: 0 }))
    const deadlineMs = Math.round(arrivesMs + stretch * small.aloneMs)
    return {
      ...piled([...flood, small]),
      users: [
        { id: 'ana', jobs },
        { id: QUIET, jobs: [{ id: small.job, prompt: small.prompt, arrivesMs, deadlineMs }] },
      ],
      hazards: slowly.flatMap(({ placed }) => placed),
      cores,
      windowTokens: window,
    }
  },
  check,
})
