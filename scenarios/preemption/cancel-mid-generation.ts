// A long letter is being spoken when the user takes the job back: there is a mistake in it. Whoever hears it
// out puts it where it goes out from. What the user asks for instead has to be done.
import { atom, type JobData, jobOf, type Program } from '../../sim/index.ts'
import { changesAfterCancel } from '../../sim/withdrawn.ts'
import { prose, sentence } from '../../sim/world/prose.ts'
import { answerMs } from '../materials/pace.ts'
import { reading, stable, windowOf, writing } from '../materials/steps.ts'
import { type Judged, scenario, type Violation } from '../scenario.ts'

/** The steps before the letter: a file is read, and one is written. */
const BEFORE_MS = 4500
/** The two programs. */
const [FIRST, NEXT] = ['announce', 'correct'] as const

function check({ instance, after, trace }: Judged): Violation[] {
  const found: Violation[] = []
  const jobs = instance.users.flatMap((user) => user.jobs)
  for (const { id } of jobs) {
    if ((changesAfterCancel(instance, trace, id) ?? []).length > 0)
      found.push({
        name: 'effect-after-cancel',
        says: 'changes the world for a job that the user took back',
      })
    const at = trace.findIndex((event) => event.kind === 'withdraw' && event.job === id)
    const goesOn = trace.some(
      (event, i) => at >= 0 && i > at && event.kind === 'request' && jobOf(event.session) === id,
    )
    if (goesOn)
      found.push({
        name: 'goes-on-after-cancel',
        says: 'asks the model on for a job that the user took back',
      })
  }
  const price = instance.truths['price-new']?.values[0]?.value ?? ''
  const letter = after.files[`outbox/${NEXT}.md`]
  if (letter === undefined)
    found.push({ name: 'next-undone', says: 'does not do what it was asked to do instead' })
  else if (!letter.startsWith(`The price is ${price}.\n`))
    found.push({ name: 'next-wrong', says: 'does something else than it was asked to do instead' })
  return found
}

/** Reads a price, notes it, and writes to the customers. */
const programOf = (name: string, price: string, text: string): Program => ({
  name,
  facts: stable({ [price]: '' }).facts,
  steps: [
    reading(price),
    writing('note', [price], `out/${name}.md`, `The letter says {${price}}.\n`),
    writing('send', [price], `outbox/${name}.md`, `The price is {${price}}.\n\n${text}\n`),
    writing('log', [], `out/${name}-sent.md`, 'The letter is out.\n'),
  ],
  answer: 'The letter is out.',
})

export default scenario({
  claim: 'A job that is taken back while its answer is spoken has no effect any more.',
  source:
    'Letta: cancel between steps; Codex: orphaned calls after an interrupt; AIOS, arXiv 2403.16971',
  good: 'ends the answer at the word at which the job is taken back, runs none of its calls, and begins the next job',
  bad: 'hears the answer out and runs its calls, or looks for a cancellation only between jobs',
  own: ['effect-after-cancel', 'goes-on-after-cancel'],
  asks: 'a way to stop a job that is taken back, in the middle of an answer',
  isPortable: false,
  params: {
    length: { default: 3000, min: 400, max: 12_000, simplest: 400, about: 'tokens of the letter' },
    window: windowOf(32_000),
  },
  draw(draw, { length, window }) {
    const [wrong, right] = draw.some([1, 2, 3, 4, 5, 6, 7, 8, 9], 2) as [number, number]
    const known = {
      'price-old': `${wrong}${draw.int(10, 99)}`,
      'price-new': `${right}${draw.int(10, 99)}`,
    }
    const letterMs = answerMs(length)
    const slowMs = Math.round(0.3 * letterMs)
    const withdrawnMs = Math.round(BEFORE_MS + slowMs + (0.1 + 0.2 * draw.next()) * letterMs)
    const [first, second] = [`letter-${draw.int(100, 499)}`, `letter-${draw.int(500, 999)}`]
    const ask = (program: string, job: string, price: string, path: string): string =>
      `${atom('task', program, job)} ${sentence(draw)} Write to our customers what we charge from now on: what is put into outbox/ goes out at once. Note the price under out/ first, and log the letter when it is out.\nThe price stands in ${atom('place', price, path)}.`
    const jobs: JobData[] = [
      {
        id: first,
        prompt: ask(FIRST, first, 'price-old', 'prices/spring.md'),
        arrivesMs: 0,
        withdrawnMs,
      },
      {
        id: second,
        prompt: `Forget the letter that I asked for: its price was an old one.\n${ask(NEXT, second, 'price-new', 'prices/autumn.md')}`,
        arrivesMs: withdrawnMs + 2000,
      },
    ]
    const line = (price: keyof typeof known): string =>
      `${prose(draw, 60)}\n\nThe price is ${atom('fact', price, known[price])}.\n`
    return {
      world: {
        files: { 'prices/spring.md': line('price-old'), 'prices/autumn.md': line('price-new') },
      },
      reactions: [],
      users: [{ id: 'ana', jobs }],
      programs: [
        programOf(FIRST, 'price-old', prose(draw, length)),
        programOf(NEXT, 'price-new', prose(draw, 40)),
      ],
      hazards: [{ id: `${first}/send/1/slow`, value: slowMs }],
      truths: stable(known).truths,
      windowTokens: window,
    }
  },
  check,
})
