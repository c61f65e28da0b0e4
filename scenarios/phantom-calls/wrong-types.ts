// Payments whose amounts and references are texts of digits, and calls that give them as numbers, in a list or
// not at all. What is refused can be said again; a reference that begins with a zero does not outlive a number.
import { atom, type Program } from '../../sim/index.ts'
import { sentence } from '../../sim/world/prose.ts'
import { deedsCheck } from '../materials/deeds.ts'
import { filed, inTurn } from '../materials/filed.ts'
import { oneJob, paying, windowOf, writing } from '../materials/steps.ts'
import { scenario } from '../scenario.ts'

/** As the profiles weigh them: mostly what the text says. */
const FORMS = ['converted', 'converted', 'converted', 'in-a-list', 'in-an-object', 'null'] as const

export default scenario({
  claim:
    'An argument of a wrong type is refused or converted without loss, and the payment is right.',
  source:
    'BFCL, wrong types (calibration); coercion of arguments in published coding agents (read in source)',
  good: 'refuses an argument of a wrong type and says which is wanted, or converts it only where nothing is lost',
  bad: 'turns numbers into text by itself, so that a reference loses its zeros, or ends over the refusal',
  own: ['payment-unasked', 'payment-wrong', 'payment-missing'],
  isPortable: false,
  params: {
    invoices: { default: 4, min: 1, max: 16, simplest: 1, about: 'payments to make' },
    times: {
      default: 3,
      min: 1,
      max: 4,
      simplest: 1,
      about: 'payments with a wrong type at first',
    },
    zeros: {
      default: 0.2,
      min: 0,
      max: 1,
      simplest: 0,
      about: 'share of references that begin with a zero',
    },
    window: windowOf(32_000),
  },
  draw(draw, { invoices: count, times, zeros, window }) {
    const job = `fees-${draw.int(100, 999)}`
    const fees = Array.from({ length: count }, (_, i) => ({
      name: `${draw.word(2)}-${i + 1}`,
      reference: `${draw.next() < zeros ? `00${draw.int(10, 99)}` : draw.int(1000, 9999)}${i + 10}`,
    }))
    const documents = fees.map(({ name, reference }) => ({
      path: `fees/${name}.md`,
      tells: {
        [`amount-${name}`]: String(draw.int(20, 900)),
        [`payee-${name}`]: draw.word(3),
        [`reference-${name}`]: reference,
      },
    }))
    const { files, facts, truths, places, reads } = filed(draw, documents, 200)
    const pays = fees.map(({ name }) => {
      const needs = ['amount', 'payee', 'reference'].map((of) => `${of}-${name}`)
      const [amount, payee, reference] = needs.map((of) => `{${of}}`) as [string, string, string]
      return paying(`pay-${name}`, needs, { payee, amount, reference })
    })
    const program: Program = {
      name: 'pay-fees',
      facts,
      steps: [...inTurn(reads, pays), writing('write', [], 'out/fees.md', `Paid ${count} fees.\n`)],
      answer: 'The fees are paid.',
    }
    const struck = draw.some(pays, times).flatMap(({ id }) => {
      const slip = `${job}/${id}/1/wrong-type`
      return [
        { id: `${job}/${id}/1/lapse`, value: 'wrong-type' },
        { id: `${slip}/argument`, value: draw.of(['reference', 'reference', 'amount']) },
        { id: `${slip}/form`, value: draw.of(FORMS) },
      ]
    })
    const prompt = `${atom('task', 'pay-fees', job)} ${sentence(draw)} Please pay these fees, each once and under its own reference, and note in out/fees.md that it is done.\nThe notices: ${places.join(' ')}`
    return {
      world: { files, payments: [] },
      reactions: [],
      users: oneJob(job, prompt),
      programs: [program],
      hazards: struck,
      truths,
      windowTokens: window,
    }
  },
  check: deedsCheck,
})
