// The tool that pays does not answer in time. In some cases the payment went through and only its answer is
// lost, in the others it was never made; the caller reads the same words. To pay again is wrong in the one
// case, not to pay again in the other: somebody has to look.
import { atom, type Program } from '../../sim/index.ts'
import { prose, sentence } from '../../sim/world/prose.ts'
import { billsOf } from '../materials/crashes.ts'
import { paid } from '../materials/paid.ts'
import { oneJob, reading, windowOf } from '../materials/steps.ts'
import { scenario } from '../scenario.ts'

export default scenario({
  claim: 'A payment whose answer never came is made once, whether or not it had gone through.',
  source:
    'The two generals (Gray, 1978); time-outs of payment interfaces and their idempotency keys',
  good: 'gives a payment a key that makes a second one void, or looks at what was paid before it tries again',
  bad: 'takes a time-out for a failure and pays again, or for a success and goes on',
  own: ['paid-twice', 'payment-missing'],
  isPortable: false,
  params: {
    payments: { default: 4, min: 1, max: 12, simplest: 1, about: 'invoices to pay' },
    landed: {
      default: 0.5,
      min: 0,
      max: 1,
      simplest: 0,
      about: 'share of cases in which the payment went through',
    },
    window: windowOf(32_000),
  },
  draw(draw, { payments, landed, window }) {
    const job = `rent-${draw.int(100, 999)}`
    const path = `lists/${draw.word(2)}.md`
    const { bills, facts, truths } = billsOf(draw, payments)
    const lines = bills.map(({ reference, line }) => `- ${reference}: ${line}. ${sentence(draw)}`)
    const places = Object.keys(truths).map((name) => atom('place', name, path))
    const program: Program = {
      name: 'pay-rents',
      facts,
      steps: [
        { ...reading(Object.keys(truths)[0] ?? '', Object.keys(truths)), id: 'read-list' },
        ...bills.map(({ pay }) => pay),
      ],
      answer: 'All rents of this month are paid.',
    }
    const prompt = [
      `${atom('task', 'pay-rents', job)} ${sentence(draw)}`,
      'Please pay the rents of this month. The bank is slow today; nobody may be paid twice.',
      `What is due: ${places.join(' ')}`,
    ].join('\n')
    const call = draw.int(2, payments + 1)
    const fault = draw.next() < landed ? 'lost-ack' : 'tool-timeout'
    return {
      world: {
        files: { [path]: `# Due this month\n\n${prose(draw, 60)}\n\n${lines.join('\n')}\n` },
        payments: [],
      },
      reactions: [],
      users: oneJob(job, prompt),
      programs: [program],
      hazards: [{ id: `${job}/call#${call}/${fault}`, value: true }],
      truths,
      windowTokens: window,
    }
  },
  check: paid,
})
