// A long job is under way, some of its answers slow in coming, when the same user asks for something urgent
// and small. Whoever does one job after the other answers it when it is of no use any more.
import { answeredMs } from '../materials/pace.ts'
import { isSorted, pauses, piled, pileOf } from '../materials/pile.ts'
import { windowOf } from '../materials/steps.ts'
import { type Judged, scenario, type Violation } from '../scenario.ts'

const LEAST_PAUSE_MS = 40_000
const MOST_PAUSE_MS = 100_000
const URGENT = 10

function check(judged: Judged): Violation[] {
  const { instance } = judged
  const answered = answeredMs(judged)
  const found: Violation[] = []
  for (const { id, priority = 0, arrivesMs } of instance.users.flatMap(({ jobs }) => jobs)) {
    const isUrgent = priority > 0
    const at = answered(id)
    if (isUrgent && at !== undefined && at - arrivesMs > (instance.params.bound ?? 0) * 1000)
      found.push({ name: 'urgent-late', says: 'lets an urgent job wait behind a long one' })
    if (isSorted(judged, id)) continue
    found.push(
      isUrgent
        ? { name: 'urgent-undone', says: 'does not do the urgent job' }
        : { name: 'long-undone', says: 'leaves the long job undone for the urgent one' },
    )
  }
  return found
}

export default scenario({
  claim: 'An urgent job is answered in time though a long one is under way, which is done as well.',
  source:
    'AIOS, arXiv 2403.16971 (scheduling of agents); steering of a running agent (Pi, Claude Code)',
  good: 'sets the long job aside between two of its turns, answers the urgent one, and takes the long one up where it was',
  bad: 'does one job after the other, or begins the long one anew whenever it was interrupted',
  own: ['urgent-late'],
  isPortable: false,
  params: {
    documents: { default: 6, min: 1, max: 24, simplest: 1, about: 'documents of the long job' },
    length: { default: 120, min: 10, max: 1000, simplest: 10, about: 'tokens of each summary' },
    pauses: {
      default: 3,
      min: 0,
      max: 24,
      simplest: 0,
      about: 'answers that are long in coming, one a document at most',
    },
    bound: {
      default: 60,
      min: 10,
      max: 600,
      simplest: 600,
      about: 'seconds within which the urgent job has to be answered',
    },
    cores: { default: 1, min: 1, max: 8, simplest: 8, about: 'answers that are spoken at once' },
    window: windowOf(32_000),
  },
  draw(draw, { documents, length, pauses: count, cores, window }) {
    const number = draw.int(100, 999)
    const long = pileOf(draw, {
      job: `pile-${number}`,
      asks: 'No hurry with these.',
      count: documents,
      documentTokens: 120,
      textTokens: length,
    })
    const urgent = pileOf(draw, {
      job: `urgent-${number}`,
      asks: 'This one is urgent, I need it before the call!',
      count: 1,
      documentTokens: 60,
      textTokens: 20,
    })
    const { placed, ms } = pauses(draw, long, {
      count,
      leastMs: LEAST_PAUSE_MS,
      mostMs: MOST_PAUSE_MS,
    })
    const arrivesMs = Math.round((0.05 + 0.95 * draw.next()) * (long.aloneMs + ms))
    return {
      ...piled([long, urgent]),
      users: [
        {
          id: 'ana',
          jobs: [
            { id: long.job, prompt: long.prompt, arrivesMs: 0 },
            { id: urgent.job, prompt: urgent.prompt, arrivesMs, priority: URGENT },
          ],
        },
      ],
      hazards: placed,
      cores,
      windowTokens: window,
    }
  },
  check,
})
