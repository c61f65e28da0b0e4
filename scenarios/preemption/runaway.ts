// One answer does not end by itself: the model says one thing again and again until its length cuts it off. The
// harness has to see that nothing was done, ask again, and not pay for it for ever. In a window of the usual size
// the model's own bound makes one such answer cheap, and what is asked is that nobody takes it for the last one or
// hears several out. What a bound of one's own saves is asked by a large window or a small allowance: no one
// allowance tells those apart in every window, as harnesses' bounds lie anywhere between the work and the model's.
import { jobOf } from '../../sim/index.ts'
import { isSorted, piled, pileOf } from '../materials/pile.ts'
import { oneJob, windowOf } from '../materials/steps.ts'
import { type Judged, scenario, type Violation } from '../scenario.ts'

/** Of one turn of this work, thoughts and the call's own words included, beside the text it writes. */
const TURN_TOKENS = 120
/** How often it is the last answer, when all is done. */
const LAST_SHARE = 0.35

function check(judged: Judged): Violation[] {
  const { instance, trace } = judged
  const { documents = 0, length = 0, allowance = 0 } = instance.params
  const found: Violation[] = []
  for (const { id } of instance.users.flatMap((user) => user.jobs)) {
    if (!isSorted(judged, id))
      found.push({ name: 'work-undone', says: 'takes an answer that never ended for the last one' })
    const spoken = trace.reduce(
      (sum, event) =>
        event.kind === 'generation' && jobOf(event.session) === id ? sum + event.usage.output : sum,
      0,
    )
    if (spoken > allowance + 2 * documents * (2 * TURN_TOKENS + length))
      found.push({ name: 'tokens-unbounded', says: 'lets the model speak on without a bound' })
  }
  return found
}

export default scenario({
  claim:
    'An answer that does not end by itself is ended, at a bounded price, and the work is done.',
  source:
    'Holtzman et al., arXiv 1904.09751 (text degeneration); repetition loops reported of most coding agents',
  good: 'bounds the length of an answer, sees that one which was cut off did nothing, and asks again',
  bad: "lets an answer run to the model's own limit, again and again, or takes the endless one for the last",
  own: ['tokens-unbounded', 'work-undone'],
  isPortable: true,
  params: {
    documents: { default: 3, min: 1, max: 16, simplest: 1, about: 'documents to sum up' },
    length: { default: 80, min: 10, max: 1000, simplest: 10, about: 'tokens of each summary' },
    allowance: {
      default: 4000,
      min: 100,
      max: 200_000,
      simplest: 200_000,
      about: 'tokens that may be spoken beyond twice what the work takes',
    },
    window: windowOf(32_000),
  },
  draw(draw, { documents, length, window }) {
    const pile = pileOf(draw, {
      job: `pile-${draw.int(100, 999)}`,
      asks: 'Please go through these.',
      count: documents,
      documentTokens: 120,
      textTokens: length,
    })
    const step = draw.next() < LAST_SHARE ? 'answer' : draw.of(pile.program.steps).id
    return {
      ...piled([pile]),
      users: oneJob(pile.job, pile.prompt),
      hazards: [{ id: `${pile.job}/${step}/1/lapse`, value: 'runaway-generation' }],
      windowTokens: window,
    }
  },
  check,
})
