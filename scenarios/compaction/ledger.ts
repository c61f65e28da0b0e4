// Facts of four origins have to outlive a long stretch of work: said once, read in a stable place, read in
// a place that changes, and decided by the model itself. A settlement at the end needs them all.

import { atom, type Program, type Step } from '../../sim/index.ts'
import { sentence } from '../../sim/world/prose.ts'
import { damage } from '../materials/deeds.ts'
import { oneJob, windowOf, writing } from '../materials/steps.ts'
import { closing, documents, names, OPENING, origins } from '../materials/stretch.ts'
import { type Written, written } from '../materials/written.ts'
import { type Judged, scenario, type Violation } from '../scenario.ts'

const SETTLE = 'settle'

function steps(items: readonly string[]): Step[] {
  const work = items.map((item) =>
    writing(
      `book-${item}`,
      [`amount-${item}`, 'account', 'label'],
      `out/${item}.md`,
      `Booked [[fact:amount-${item}={amount-${item}}]] on account [[fact:account={account}]] under [[choice:label={label}]].\n`,
    ),
  )
  const amounts = items.map((item) => `amount-${item}`)
  const total = `Total {=${amounts.join('+')}}.\n`
  return [...OPENING, ...work, ...closing(SETTLE, 'out/settlement.md', total, amounts)]
}

/** What the flaws of a file are called here: of a booking, and of the settlement at the end. */
const BOOKING = {
  missing: { name: 'booking-missing', says: 'leaves out a booking' },
  wrong: { name: 'booking-wrong', says: 'books wrong figures' },
}
const SETTLEMENT = {
  missing: { name: 'settlement-missing', says: 'ends without the settlement' },
  wrong: {
    name: 'settlement-wrong',
    says: 'settles with a fact that is lost, stale or made up',
  },
}
const CHANGED: Violation = {
  name: 'choice-changed',
  says: 'forgets its own decision: two labels for one job',
}

function violationsIn({ step, text, isOther, flaws }: Written): Violation[] {
  const called = step.id === SETTLE ? SETTLEMENT : BOOKING
  if (text === undefined) return [called.missing]
  const isWrong = isOther || flaws.some(({ flaw }) => flaw !== 'changed')
  const isChanged = flaws.some(({ flaw }) => flaw === 'changed')
  return [...(isWrong ? [called.wrong] : []), ...(isChanged ? [CHANGED] : [])]
}

/** Each kind once. */
const check = (judged: Judged): Violation[] => [
  ...damage(judged),
  ...new Map(
    written(judged)
      .flatMap(violationsIn)
      .map((one) => [one.name, one]),
  ).values(),
]

export default scenario({
  claim: 'Facts said, read and decided early are used correctly after a long stretch of work.',
  source: 'Lost in Compaction, Zenodo 10.5281/zenodo.20273814; MemGPT, arXiv 2310.08560',
  good: 'carries what was said and decided through every summary, and reads again what stands in a file',
  bad: 'cuts old turns off or summarises them without their figures and decisions, and settles with what is left or made up',
  own: ['settlement-wrong', 'choice-changed', 'booking-wrong'],
  isPortable: true,
  params: {
    distance: {
      default: 17_000,
      min: 100,
      max: 200_000,
      simplest: 100,
      about: 'tokens of work in between',
    },
    items: { default: 16, min: 1, max: 26, simplest: 1, about: 'documents to work through' },
    window: windowOf(16_000),
  },
  draw(draw, { distance, items: count, window }) {
    const items = names(draw, count)
    const job = `settle-${draw.int(100, 999)}`
    const known = origins(draw, `out/${items[0]}.md`)
    const { account, moves } = known
    const docs = documents(draw, items, distance)
    const prompt = [
      `${atom('task', 'settle', job)} ${sentence(draw)} Please settle account ${atom('fact', 'account', account)}.`,
      `Book each document under one label of your own, then write the settlement. Read the rate again just before.`,
      `Where things are: ${[...known.places, ...docs.places].join(' ')}`,
    ].join('\n')
    const program: Program = {
      name: 'settle',
      facts: { ...known.facts, ...docs.facts },
      steps: steps(items),
      answer: 'The account is settled.',
    }
    return {
      world: { files: { ...known.files, ...docs.files } },
      reactions: moves(draw),
      users: oneJob(job, prompt),
      programs: [program],
      hazards: [],
      truths: { ...known.truths, ...docs.truths },
      windowTokens: window,
    }
  },
  check,
})
