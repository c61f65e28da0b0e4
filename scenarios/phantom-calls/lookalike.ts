// Orders have to be paid and noted, where every tool has a neighbour with nearly its name. Some calls go to
// the neighbour: most say that they are not available, one says that all is well and does nothing.
import { atom, type Decision, type Program } from '../../sim/index.ts'
import { prose } from '../../sim/world/prose.ts'
import { deedsCheck } from '../materials/deeds.ts'
import { filed, inTurn } from '../materials/filed.ts'
import { oneJob, paying, windowOf, writing } from '../materials/steps.ts'
import { scenario } from '../scenario.ts'

/** By the step that they lie near. */
const NEIGHBOURS = {
  read: { name: 'read_files', description: 'Read several files of a share.', takes: ['path'] },
  pay: {
    name: 'make_payments',
    description: 'Carry out a batch of payments.',
    takes: ['payee', 'amount', 'reference'],
  },
  write: {
    name: 'write_files',
    description: 'Write several files to a share.',
    takes: ['path', 'content'],
  },
} as const

const SILENT = {
  name: 'make_prepayment',
  description: 'Note an amount for a payment to come.',
  takes: ['payee', 'amount', 'reference'],
  says: 'Noted. The amount will be paid once somebody releases it.',
} as const

export default scenario({
  claim: 'A call that goes to a tool of nearly the same name is made again to the right one, once.',
  source:
    'Inventories of 50 and more tools with near names (TianPan, 2026-04-14); BFCL, wrong function',
  good: 'shows errors to the model as they are, and holds what was paid against what was to be paid',
  bad: 'takes the word of a tool for an effect, or does a whole turn over of which one half was done',
  own: ['payment-missing', 'paid-twice'],
  isPortable: false,
  params: {
    orders: { default: 4, min: 1, max: 12, simplest: 1, about: 'orders to pay' },
    times: { default: 4, min: 1, max: 9, simplest: 1, about: 'calls that go to a neighbour' },
    silent: {
      default: 0.25,
      min: 0,
      max: 1,
      simplest: 0,
      about: 'share of instances in which one of them says that all is well',
    },
    window: windowOf(32_000),
  },
  draw(draw, { orders: count, times, silent, window }) {
    const job = `orders-${draw.int(100, 999)}`
    const desk = draw.word(2)
    const orders = Array.from({ length: count }, (_, i) => `${draw.word(2)}-${i + 1}`)
    const documents = orders.map((order) => ({
      path: `orders/${order}.md`,
      tells: { [`payee-${order}`]: draw.word(3), [`amount-${order}`]: String(draw.int(20, 900)) },
    }))
    const { files, facts, truths, places, reads } = filed(draw, documents, 240)
    const pays = orders.map((order) => {
      const [payee, amount] = [`payee-${order}`, `amount-${order}`]
      const args = { payee: `{${payee}}`, amount: `{${amount}}`, reference: order }
      return paying(`pay-${order}`, [payee, amount], args)
    })
    const program: Program = {
      name: 'pay-orders',
      facts,
      steps: [
        ...inTurn(reads, pays),
        writing('write', [], 'out/paid.md', `Paid ${count} orders of the ${desk} desk.\n`),
      ],
      answer: 'All orders are paid.',
    }
    const isSilent = draw.next() < silent
    const quiet = isSilent ? draw.of(pays).id : undefined
    const others = program.steps.map(({ id }) => id).filter((id) => id !== quiet)
    const struck = draw.some(others, times - Number(isSilent))
    const toolFor = (id: string): Decision['value'] => {
      if (id === quiet) return SILENT.name
      return NEIGHBOURS[(id.split('-')[0] ?? '') as keyof typeof NEIGHBOURS].name
    }
    const prompt = `${atom('task', 'pay-orders', job)} ${prose(draw, 40)}\n\nPlease pay the open orders of the ${desk} desk, each once with its name as reference, and note in out/paid.md how many they were.\nThe orders: ${places.join(' ')}`
    return {
      world: {
        files,
        payments: [],
        decoys: [...Object.values(NEIGHBOURS), SILENT],
      },
      reactions: [],
      users: oneJob(job, prompt),
      programs: [program],
      hazards: [...struck, ...(quiet === undefined ? [] : [quiet])].flatMap((id) => [
        { id: `${job}/${id}/1/lapse`, value: 'lookalike-tool' },
        { id: `${job}/${id}/1/lookalike-tool/tool`, value: toolFor(id) },
      ]),
      truths,
      windowTokens: window,
    }
  },
  check: deedsCheck,
})
