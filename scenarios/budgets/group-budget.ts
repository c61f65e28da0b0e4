// All jobs of a user are paid from one budget. The first one is a pile that grows dearer with every document, as
// the history is paid for again with each request; small ones come behind it. Whoever lets the first one go on
// has nothing left for the others, or goes on without having it.
import { jobOf, type TraceEvent } from '../../sim/index.ts'
import { isSorted, piled, pileOf, sortedShare } from '../materials/pile.ts'
import { windowOf } from '../materials/steps.ts'
import { type Judged, scenario, type Violation } from '../scenario.ts'

/** What a design may need for a small job, its own prompt and tools included, in tokens. */
const SMALL_JOB_TOKENS = 10_000
/** Of the large job's documents; its budget is enough for more than half of them, whatever the design. */
const LEAST_SHARE = 0.25
/** A system prompt with its tools; what a document's summary and both its calls leave in the history. */
const PROMPT_TOKENS = 1000
const SUMMARY_TOKENS = 150

/** Whether a request is made for these jobs when their budget is used up: what is under way may go over. */
function goesOver(trace: readonly TraceEvent[], jobs: readonly string[], budget: number): boolean {
  let used = 0
  for (const event of trace) {
    if (event.kind !== 'request' && event.kind !== 'generation') continue
    if (!jobs.some((job) => jobOf(event.session) === job)) continue
    if (event.kind === 'generation') used += event.usage.input + event.usage.output
    else if (used >= budget) return true
  }
  return false
}

function check(judged: Judged): Violation[] {
  const { instance, trace } = judged
  const found: Violation[] = []
  const { userTokens = 0, jobTokens = 0 } = instance.budget ?? {}
  const jobs = instance.users.flatMap((user) => user.jobs.map(({ id }) => id))
  if (goesOver(trace, jobs, userTokens))
    found.push({ name: 'overrun', says: 'goes on asking when the budget of the user is used up' })
  if (jobs.some((job) => goesOver(trace, [job], jobTokens)))
    found.push({ name: 'hog', says: 'lets one job use more than a job may' })
  if (!jobs.slice(1).every((job) => isSorted(judged, job)))
    found.push({ name: 'starved', says: 'leaves a small job undone behind one that used too much' })
  if (sortedShare(judged, jobs[0] ?? '') < LEAST_SHARE)
    found.push({ name: 'large-undone', says: 'does next to nothing of the large job' })
  return found
}

export default scenario({
  claim: 'A job that uses too much is stopped, and what others need of the budget is left to them.',
  source:
    'control groups of Linux; runs that cost a multiple of what was meant (reported of agents without a bound)',
  good: 'stops the job that has used what a job may use, answers with what is done, and so leaves the rest of the budget to the jobs behind it',
  bad: 'counts nothing before it asks, or counts each turn and not each user, and lets one long history pay for itself again and again until nothing is left',
  own: ['overrun', 'hog', 'starved'],
  asks: 'a bound on what a job may use, or the thrift to need none',
  isPortable: false,
  params: {
    jobs: { default: 3, min: 1, max: 12, simplest: 1, about: 'small jobs behind the large one' },
    documents: { default: 16, min: 8, max: 60, simplest: 8, about: 'documents of the large job' },
    size: { default: 700, min: 300, max: 4000, simplest: 300, about: 'tokens of each document' },
    share: {
      default: 0.65,
      min: 0.2,
      max: 1,
      simplest: 1,
      about: 'a job may use / what the large one takes with its whole history in view',
    },
    window: windowOf(32_000),
  },
  draw(draw, { jobs: count, documents, size, share, window }) {
    const number = draw.int(100, 999)
    const large = pileOf(draw, {
      job: `archive-${number}`,
      asks: 'Work through the archive, as far as you get.',
      count: documents,
      documentTokens: size,
      textTokens: 60,
    })
    const small = Array.from({ length: count }, (_, i) =>
      pileOf(draw, {
        job: `note-${number}-${i + 1}`,
        asks: 'A small thing.',
        count: 1,
        documentTokens: 60,
        textTokens: 20,
      }),
    )
    // Two requests a document, the k-th with k documents in view.
    const history = documents * (documents + 1) * (size + SUMMARY_TOKENS)
    const wholeTokens = history + 2 * documents * PROMPT_TOKENS
    const jobTokens = Math.round(share * wholeTokens)
    const largest = Math.min(window, documents * (size + SUMMARY_TOKENS) + PROMPT_TOKENS)
    const jobs = [large, ...small].map(({ job, prompt }, i) => ({
      id: job,
      prompt,
      arrivesMs: i * 500,
    }))
    return {
      ...piled([large, ...small]),
      users: [{ id: 'ana', jobs }],
      budget: { jobTokens, userTokens: jobTokens + largest + count * SMALL_JOB_TOKENS },
      hazards: [],
      windowTokens: window,
    }
  },
  check,
})
