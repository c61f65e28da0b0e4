// A list of invoices is paid, and the machine goes down right after a step was written down: half of the
// newest write to its disk is lost. A harness that writes nothing down meets the crash alone.
import { atom, type Program } from '../../sim/index.ts'
import { prose, sentence } from '../../sim/world/prose.ts'
import { billsOf } from '../materials/crashes.ts'
import { paid } from '../materials/paid.ts'
import { oneJob, reading, windowOf, writing } from '../materials/steps.ts'
import { flawsOf, written } from '../materials/written.ts'
import { type Judged, scenario, type Violation } from '../scenario.ts'

const check = (judged: Judged): Violation[] => [...paid(judged), ...flawsOf(written(judged))]

export default scenario({
  claim: 'A torn write to its own disk neither stops the work nor repeats it.',
  source:
    'All File Systems Are Not Created Equal (Pillai et al., OSDI 2014): applications trust that what they wrote is whole',
  good: 'knows a torn record by a length, a checksum or an unfinished line, drops it, and goes on from the last whole one',
  bad: 'trusts its newest record, stumbles over half a line of it, or loses the whole file and begins anew',
  own: ['paid-twice', 'payment-missing', 'work-missing'],
  isPortable: false,
  params: {
    payments: { default: 3, min: 1, max: 12, simplest: 1, about: 'invoices to pay' },
    at: {
      default: 0,
      min: 0,
      max: 26,
      simplest: 2,
      about:
        'the answer that it goes down at, past the last one: that one; 0 draws it, after the first step',
    },
    torn: {
      default: 1,
      min: 0,
      max: 1,
      simplest: 0,
      about: '1: the newest write is torn; 0: it is whole, and the crash is all',
    },
    window: windowOf(32_000),
  },
  draw(draw, { payments, at, torn, window }) {
    const job = `list-${draw.int(100, 999)}`
    const { bills, facts, truths } = billsOf(draw, payments)
    const path = `lists/${draw.word(2)}.md`
    const lines = bills.map(({ reference, line }) => `- ${reference}: ${line}. ${sentence(draw)}`)
    const places = Object.keys(truths).map((name) => atom('place', name, path))
    const program: Program = {
      name: 'pay-list',
      facts,
      steps: [
        { ...reading(Object.keys(truths)[0] ?? '', Object.keys(truths)), id: 'read-list' },
        ...bills.flatMap(({ reference, names: [, amount], pay }) => [
          pay,
          writing(
            `receipt-${reference}`,
            [amount],
            `receipts/${reference}.md`,
            `Paid {${amount}} for ${reference}.\n`,
          ),
        ]),
      ],
      answer: 'The list is paid, and every receipt is filed.',
    }
    const prompt = [
      `${atom('task', 'pay-list', job)} ${sentence(draw)}`,
      'Please pay everything on the list, once each, and file a receipt right after each payment.',
      `The list: ${places.join(' ')}`,
    ].join('\n')
    const last = program.steps.length + 1
    const answer = at === 0 ? draw.int(2, last) : Math.min(at, last)
    return {
      world: {
        files: { [path]: `# To be paid\n\n${prose(draw, 60)}\n\n${lines.join('\n')}\n` },
        payments: [],
      },
      reactions: [],
      users: oneJob(job, prompt),
      programs: [program],
      hazards: [
        { id: `${job}/generate#${answer}/crash`, value: true },
        { id: `${job}/generate#${answer}/torn`, value: torn === 1 },
      ],
      truths,
      windowTokens: window,
    }
  },
  check,
})
