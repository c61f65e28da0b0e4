// The answer that decides on a venue and pays for it is cut off on its way. The very same request, sent again,
// decides on another venue. Whoever acts on what was heard of the first answer, and on the second, pays both; and
// the connection may break more than once before an answer comes through.
import { atom, type Placed, type Program } from '../../sim/index.ts'
import type { Payment } from '../../sim/world/payments.ts'
import { prose, sentence } from '../../sim/world/prose.ts'
import { oneJob, paying, reading, stable, windowOf, writing } from '../materials/steps.ts'
import { type Judged, scenario, type Violation } from '../scenario.ts'

const VENUES = ['lindenhof', 'boathouse', 'observatory', 'old-mill', 'tramshed'] as const
const NOTE = 'out/booking.md'

/** Whether a payment was made by an answer that was heard to its end, before the payment. */
function isWhole(trace: Judged['trace'], { payee, amount, reference }: Payment): boolean {
  const made = trace.findIndex(
    (event) =>
      event.kind === 'effect' &&
      event.op === 'payments.pay' &&
      event.key === payee &&
      event.value === `${amount} ${reference}`,
  )
  return trace.slice(0, Math.max(made, 0)).some(
    (event) =>
      event.kind === 'generation' &&
      event.finish !== 'length' &&
      // Whatever a harness calls its tool, and however it has it spoken.
      event.calls.some(({ args }) => [payee, amount].every((said) => args.includes(said))),
  )
}

function check({ instance, after, trace }: Judged): Violation[] {
  const found: Violation[] = []
  const made = after.payments ?? []
  const deposit = instance.truths.deposit?.values[0]?.value
  const [job] = instance.users.flatMap(({ jobs }) => jobs.map(({ id }) => id))
  const payees = new Set(made.map(({ payee }) => payee))
  if (made.length === 0) found.push({ name: 'not-booked', says: 'books no venue' })
  if (payees.size > 1)
    found.push({ name: 'booked-both', says: 'acts on two answers to one request' })
  else if (made.length > 1) found.push({ name: 'paid-twice', says: 'pays one deposit twice' })
  const offered = instance.programs[0]?.facts.venue?.options ?? []
  const isRight = ({ payee, amount, reference }: Payment): boolean =>
    offered.includes(payee) && amount === deposit && reference === job
  if (!made.every(isRight))
    found.push({
      name: 'payment-wrong',
      says: 'pays by half of a call: nobody, a wrong deposit, or for nothing',
    })
  if (!made.every((payment) => isWhole(trace, payment)))
    found.push({ name: 'acts-on-cut', says: 'pays by an answer that was cut off' })
  const [venue = ''] = [...payees]
  const note = after.files[NOTE]
  if (note === undefined) found.push({ name: 'note-missing', says: 'ends without the note' })
  else if (payees.size === 1 && !note.includes(`Venue ${venue},`))
    found.push({ name: 'note-differs', says: 'writes down another venue than it paid' })
  return found
}

const program = (deposit: string, venues: readonly string[]): Program => ({
  name: 'book-venue',
  facts: { ...stable({ deposit }).facts, venue: { origin: 'own', options: venues } },
  steps: [
    reading('deposit'),
    paying('book', ['venue', 'deposit'], {
      payee: '{venue}',
      amount: '{deposit}',
      reference: '{job}',
    }),
    writing('note', ['venue', 'deposit'], NOTE, 'Venue {venue}, deposit {deposit}.\n'),
  ],
  answer: 'The venue is booked.',
})

export default scenario({
  claim:
    'Of two answers to one request, the first of them cut off, only the whole one is acted on.',
  source:
    'Atil et al., Non-Determinism of "Deterministic" LLM Settings, 2024; streams that end without a finish reason',
  good: 'acts on nothing of an answer before its end was heard, and throws the broken one away when it asks again',
  bad: 'runs calls as they stream in or mends one that was cut off, and then runs those of the second answer, too; or gives up after a few breaks',
  own: ['booked-both', 'payment-wrong', 'paid-twice', 'not-booked'],
  isPortable: false,
  params: {
    cuts: {
      default: 4,
      min: 1,
      max: 8,
      simplest: 1,
      about: 'the connection breaks so often in a row, at most; how often is drawn',
    },
    filler: { default: 80, min: 0, max: 20_000, simplest: 0, about: 'tokens around the terms' },
    window: windowOf(32_000),
  },
  draw(draw, { cuts: most, filler, window }) {
    const job = `venue-${draw.int(100, 999)}`
    const venues = draw.some(VENUES, 3)
    const deposit = `${draw.int(20, 90) * 10}.00`
    const around = filler < 1 ? '' : `${prose(draw, filler)}\n\n`
    const offers = venues.map((venue) => `- ${venue}: ${sentence(draw)}`).join('\n')
    const prompt = [
      `${atom('task', 'book-venue', job)} ${sentence(draw)}`,
      `We need a room for the summer party: ${venues.join(', ')} are all fine, take one of them.`,
      'Pay its deposit right away, once, and note in out/booking.md what you took.',
      `Their terms: ${atom('place', 'deposit', 'venues/terms.md')}`,
    ].join('\n')
    const hazards: Placed[] = [
      { id: `${job}/choose-venue/1/otherwise`, value: true },
      { id: `${job}/know-venue/1/chooses`, value: venues[draw.int(1, 2)] ?? '' },
    ]
    const cuts = draw.int(1, most)
    for (let cut = 0; cut < cuts; cut++) {
      const at = `${job}/generate#${2 + cut}/stream-cut`
      const share = Math.floor(100 * (0.2 + 0.79 * draw.next())) / 100
      hazards.push({ id: at, value: true }, { id: `${at}/share`, value: share })
    }
    return {
      world: {
        files: {
          'venues/terms.md': `# Venues\n\n${offers}\n\n${around}Each asks for a deposit of ${atom('fact', 'deposit', deposit)}.\n`,
        },
        payments: [],
      },
      reactions: [],
      users: oneJob(job, prompt),
      programs: [program(deposit, venues)],
      hazards,
      truths: stable({ deposit }).truths,
      windowTokens: window,
    }
  },
  check,
})
