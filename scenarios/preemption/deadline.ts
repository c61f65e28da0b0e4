// Jobs of one user, each later one smaller and due sooner. All can be done in time, by whoever turns to what is
// due next; who goes by the order of arrival, or gives all the same share, is late.
import { answeredMs } from '../materials/pace.ts'
import { isSorted, pauses, piled, pileOf } from '../materials/pile.ts'
import { windowOf } from '../materials/steps.ts'
import { type Judged, scenario, type Violation } from '../scenario.ts'

const LEAST_PAUSE_MS = 20_000
const MOST_PAUSE_MS = 50_000
/** On top of the slack: a request may have to be made again. */
const GRACE_MS = 20_000

function check(judged: Judged): Violation[] {
  const { instance } = judged
  const answered = answeredMs(judged)
  const found: Violation[] = []
  const jobs = instance.users.flatMap((user) => user.jobs)
  const isLate = jobs.some(({ id, deadlineMs = Number.POSITIVE_INFINITY }) => {
    const at = answered(id)
    return at !== undefined && at > deadlineMs
  })
  if (isLate)
    found.push({ name: 'deadline-missed', says: 'answers a job after the time it was due' })
  if (!jobs.every(({ id }) => isSorted(judged, id)))
    found.push({ name: 'job-undone', says: 'leaves a job undone' })
  return found
}

export default scenario({
  claim: 'Jobs that can all be done in time are, though the last one that comes is due first.',
  source:
    'Liu and Layland, JACM 1973 (earliest deadline first); agents take their jobs in the order they come',
  good: 'turns to the job that is due first, and puts the one under way aside without losing what it has done',
  bad: 'works by the order of arrival, or gives every job the same share',
  own: ['deadline-missed'],
  isPortable: false,
  params: {
    jobs: { default: 3, min: 2, max: 6, simplest: 2, about: 'jobs, each due before the last' },
    documents: { default: 3, min: 1, max: 12, simplest: 1, about: 'documents of the first job' },
    length: { default: 120, min: 10, max: 1000, simplest: 10, about: 'tokens of each summary' },
    pauses: {
      default: 3,
      min: 0,
      max: 12,
      simplest: 0,
      about: 'slow answers of the first job, one a document at most',
    },
    slack: {
      default: 1.5,
      min: 1.2,
      max: 10,
      simplest: 10,
      about: 'time until a job is due / what the work takes until then',
    },
    cores: { default: 1, min: 1, max: 8, simplest: 8, about: 'answers that are spoken at once' },
    window: windowOf(32_000),
  },
  draw(draw, { jobs: count, documents, length, pauses: most, slack, cores, window }) {
    const number = draw.int(100, 999)
    const works = Array.from({ length: count }, (_, i) => {
      const pile = pileOf(draw, {
        job: `pile-${number}-${i + 1}`,
        asks: i === 0 ? 'These can wait a little.' : 'I need these sooner than what came before.',
        count: Math.max(1, documents - i),
        documentTokens: 120,
        textTokens: length,
      })
      const slow = pauses(draw, pile, {
        count: Math.max(0, most - i),
        leastMs: LEAST_PAUSE_MS,
        mostMs: MOST_PAUSE_MS,
      })
      return { pile, slow, ms: pile.aloneMs + slow.ms }
    })
    let arrivesMs = 0
    const jobs = works.map(({ pile, ms }, i) => {
      const leftMs = works.slice(i).reduce((sum, work) => sum + work.ms, 0)
      const own = {
        id: pile.job,
        prompt: pile.prompt,
        arrivesMs,
        deadlineMs: Math.round(arrivesMs + slack * leftMs + GRACE_MS),
      }
      arrivesMs += Math.round((0.1 + 0.9 * draw.next()) * ms)
      return own
    })
    return {
      ...piled(works.map(({ pile }) => pile)),
      users: [{ id: 'ana', jobs }],
      hazards: works.flatMap(({ slow }) => slow.placed),
      cores,
      windowTokens: window,
    }
  },
  check,
})
