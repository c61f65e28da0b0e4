// The provider refuses several requests in a row: for its rate, with the wait that it asks for, or because it is
// overloaded, without. Whoever gives up early leaves the work, and who asks too soon makes it worse.
import { jobOf } from '../../sim/index.ts'
import { isSorted, piled, pileOf } from '../materials/pile.ts'
import { oneJob, windowOf } from '../materials/steps.ts'
import { type Judged, scenario, type Violation } from '../scenario.ts'

/** A clock's tick: what is asked at the very end of a wait is not too soon. */
const TICK_MS = 1

function check(judged: Judged): Violation[] {
  const { instance, trace } = judged
  const found: Violation[] = []
  for (const { id } of instance.users.flatMap((user) => user.jobs)) {
    if (!isSorted(judged, id))
      found.push({ name: 'gives-up', says: 'gives up while the provider is busy' })
    let untilMs = 0
    let isTooSoon = false
    for (const event of trace) {
      if (!('session' in event) || jobOf(event.session) !== id) continue
      if (event.kind === 'request' && event.at + TICK_MS < untilMs) isTooSoon = true
      if (event.kind === 'refusal' && event.retryAfterMs !== undefined)
        untilMs = event.at + event.retryAfterMs
    }
    if (isTooSoon)
      found.push({ name: 'hammers', says: 'asks again before the wait that it was told is over' })
  }
  return found
}

export default scenario({
  claim:
    'Refusals in a row that pass are waited out, as long as was asked for, and the work is done.',
  source:
    'HTTP 429 and 529 with and without retry-after, as in the error pages of OpenAI and Anthropic (2026)',
  good: 'waits as long as the provider says, or longer each time where it says nothing, and has patience for more refusals than come in a row',
  bad: 'has a few fixed retries and then ends the job, or asks again before the wait that it was told is over',
  own: ['hammers', 'gives-up'],
  isPortable: false,
  params: {
    refusals: { default: 4, min: 0, max: 12, simplest: 0, about: 'refusals in a row, at most' },
    documents: { default: 3, min: 1, max: 12, simplest: 1, about: 'documents to sum up' },
    length: { default: 80, min: 10, max: 1000, simplest: 10, about: 'tokens of each summary' },
    window: windowOf(32_000),
  },
  draw(draw, { refusals, documents, length, window }) {
    const pile = pileOf(draw, {
      job: `pile-${draw.int(100, 999)}`,
      asks: 'Please go through these.',
      count: documents,
      documentTokens: 120,
      textTokens: length,
    })
    const count = draw.int(Math.ceil(refusals / 2), refusals)
    const first = draw.int(1, 2 * documents)
    const hazards = Array.from({ length: count }, (_, i) => {
      const fault = draw.of(['rate-limit', 'rate-limit', 'overloaded'])
      return { id: `${pile.job}/generate#${first + i}/${fault}`, value: true }
    })
    return {
      ...piled([pile]),
      users: oneJob(pile.job, pile.prompt),
      hazards,
      windowTokens: window,
    }
  },
  check,
})
