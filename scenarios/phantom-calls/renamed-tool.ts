// The tool that pays goes by another name since the last release, and the model goes on calling the old one.
// Each payment has to be made once all the same.
import { atom, type Program } from '../../sim/index.ts'
import { sentence } from '../../sim/world/prose.ts'
import { deedsCheck } from '../materials/deeds.ts'
import { filed, inTurn } from '../materials/filed.ts'
import { oneJob, paying, windowOf } from '../materials/steps.ts'
import { scenario } from '../scenario.ts'

const OLD = 'make_payment'
const NEW = ['make_transfer', 'make_remittance', 'make_disbursement'] as const
/** The old name is still in the air: other tools speak of a payment. */
const BESIDE = {
  name: 'cancel_payment',
  description: 'Cancel a payment that was not carried out yet.',
  takes: ['reference'],
} as const

export default scenario({
  claim: 'A tool that was renamed is found under its new name, and each payment is made once.',
  source: 'Renamed tools are still called on about 3 % of calls, more after errors (TianPan, 2026)',
  good: 'names the tools that there are in its error, so that the new name is found, and makes each payment once',
  bad: 'answers that the tool is unknown and nothing else, runs a neighbour of the old name, or gives up',
  own: ['payment-missing', 'paid-twice'],
  isPortable: false,
  params: {
    payments: { default: 5, min: 2, max: 16, simplest: 2, about: 'payments to make' },
    times: {
      default: 2,
      min: 1,
      max: 8,
      simplest: 1,
      about: 'calls of the old name, one after the other, for each of two payments',
    },
    window: windowOf(32_000),
  },
  draw(draw, { payments: count, times, window }) {
    const job = `grants-${draw.int(100, 999)}`
    const grants = Array.from({ length: count }, (_, i) => `${draw.word(2)}-${i + 1}`)
    const documents = grants.map((grant) => ({
      path: `grants/${grant}.md`,
      tells: { [`payee-${grant}`]: draw.word(3), [`amount-${grant}`]: String(draw.int(100, 990)) },
    }))
    const { files, facts, truths, places, reads } = filed(draw, documents, 200)
    const pays = grants.map((grant) => {
      const [payee, amount] = [`payee-${grant}`, `amount-${grant}`]
      const args = { payee: `{${payee}}`, amount: `{${amount}}`, reference: grant }
      return paying(`pay-${grant}`, [payee, amount], args)
    })
    const program: Program = {
      name: 'pay-grants',
      facts,
      steps: inTurn(reads, pays),
      answer: 'All grants are paid.',
    }
    const struck = draw
      .some(pays, 2)
      .flatMap(({ id }) =>
        Array.from({ length: times }, (_, i) => [
          { id: `${job}/${id}/${i + 1}/lapse`, value: 'phantom-tool' },
          i === 0
            ? { id: `${job}/${id}/1/phantom-tool/name`, value: OLD }
            : { id: `${job}/${id}/${i + 1}/phantom-tool/same-name`, value: true },
        ]).flat(),
      )
    const prompt = `${atom('task', 'pay-grants', job)} ${sentence(draw)} Please pay out the grants of this round, each once and with its name as reference.\nThe letters: ${places.join(' ')}`
    return {
      world: { files, payments: [], names: { [OLD]: draw.of(NEW) }, decoys: [BESIDE] },
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
