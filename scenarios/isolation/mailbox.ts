// One agent puts forms into a tray, another one takes all out and books them. Putting in and taking out are a
// look and a write each: what comes in between a look and a write is lost, and what was taken out meanwhile is
// put back and booked again.

import { type Change, changesIn } from '../../sim/changes.ts'
import { atom, type JobData, type Program } from '../../sim/index.ts'
import { prose, sentence } from '../../sim/world/prose.ts'
import { reading, windowOf, writing } from '../materials/steps.ts'
import { doers, NEXT_COMES_MS, pausedAt, pauseOf, twoPeople } from '../materials/together.ts'
import { type Judged, scenario, type Violation } from '../scenario.ts'

const TRAY = 'shared/tray.md'
const BOOK = 'shared/book.md'
const COLLECT = 'collect'

const numberIn = (text: string | undefined, fact: string): number | undefined => {
  const told = new RegExp(`\\[\\[fact:${fact}=(\\d+)\\]\\]`).exec(text ?? '')?.[1]
  return told === undefined ? undefined : Number(told)
}

/** Whether a collector was done with forms still in the tray, and had put nothing into the book. */
function leftThem({ instance, trace }: Judged, tray: readonly Change[], book: readonly Change[]) {
  const booked = doers(instance, book)
  return instance.users
    .flatMap(({ jobs }) => jobs)
    .filter(({ prompt }) => prompt.includes(`[[task:${COLLECT}=`))
    .some(({ id }) => {
      const answer = trace.find((event) => event.kind === 'reply' && event.job === id)
      if (answer === undefined || booked.has(id)) return false
      const then = tray.findLast(({ at }) => at <= answer.at)?.text
      return (numberIn(then, 'waiting') ?? 0) > 0
    })
}

function check(judged: Judged): Violation[] {
  const { instance, after, trace } = judged
  const waiting = numberIn(after.files[TRAY], 'waiting')
  const booked = numberIn(after.files[BOOK], 'booked')
  if (waiting === undefined || booked === undefined)
    return [{ name: 'count-missing', says: 'leaves the tray or the book without a count' }]
  const found: Violation[] = []
  const changes = changesIn(instance, trace)
  const [tray, book] = [TRAY, BOOK].map((path) => changes.filter(({ key }) => key === path)) as [
    Change[],
    Change[],
  ]
  const putters = doers(instance, tray)
  let given = 0
  for (const [name, { values }] of Object.entries(instance.truths)) {
    if (!name.startsWith('forms-')) continue
    if (putters.has(name.replace('forms', 'put'))) given += Number(values[0]?.value)
    else found.push({ name: 'never-put', says: 'does not put into the tray what it was given' })
  }
  if (waiting + booked < given)
    found.push({ name: 'forms-lost', says: 'loses forms that were handed over' })
  if (waiting + booked > given)
    found.push({ name: 'booked-twice', says: 'books forms twice that were handed over once' })
  const isLeft = booked < Number(instance.truths['forms-1']?.values[0]?.value)
  if (isLeft || leftThem(judged, tray, book))
    found.push({ name: 'not-collected', says: 'leaves in the tray what was there to be taken' })
  return found
}

/** A count in a file, with what stands around it. */
const counting = (text: string, fact: string, count: string): string =>
  `${text}${fact}: [[fact:${fact}=${count}]]\n`

const COUNTS = { waiting: { origin: 'changing' }, booked: { origin: 'changing' } } as const

const putting = (n: number, tray: string): Program => ({
  name: `put-${n}`,
  facts: { ...COUNTS, [`forms-${n}`]: { origin: 'user' } },
  steps: [
    { ...reading('waiting', []), id: 'look' },
    writing(
      'put',
      ['waiting', `forms-${n}`],
      TRAY,
      counting(tray, 'waiting', `{=waiting+forms-${n}}`),
    ),
  ],
  answer: 'The forms are in the tray.',
})

const collecting = (tray: string, book: string): Program => ({
  name: COLLECT,
  facts: COUNTS,
  steps: [
    { ...reading('waiting', []), id: 'look' },
    { ...reading('booked', []), id: 'open-book' },
    writing('book', ['waiting', 'booked'], BOOK, counting(book, 'booked', '{=booked+waiting}')),
    writing('clear', [], TRAY, counting(tray, 'waiting', '0')),
  ],
  answer: 'The tray is empty, and all is booked.',
})

export default scenario({
  claim:
    'What one agent hands to another is taken once: nothing is lost, and nothing is done twice.',
  source:
    'Message queues and the lost-wakeup of producer and consumer; inbox files of agent teams (OpenHarness)',
  good: 'makes looking and writing one move, by a lock or a commit, or hands messages over one by one',
  bad: 'keeps a count in a shared file, and writes it from what stood there before the other one came',
  own: ['forms-lost', 'booked-twice'],
  isPortable: true,
  params: {
    messages: { default: 4, min: 3, max: 20, simplest: 3, about: 'times that forms are put in' },
    pause: pauseOf(600),
    filler: { default: 60, min: 0, max: 5000, simplest: 0, about: 'tokens around each count' },
    window: windowOf(32_000),
  },
  draw(draw, { messages, pause, filler, window }) {
    const [giver, taker] = twoPeople(draw)
    const [tray, book] = ['Tray', 'Book'].map(
      (title) => `# ${title}\n${filler < 1 ? '' : `\n${prose(draw, filler)}\n`}\n`,
    ) as [string, string]
    const places = {
      waiting: atom('place', 'waiting', TRAY),
      booked: atom('place', 'booked', BOOK),
    }
    const amounts = Array.from({ length: messages }, () => draw.int(3, 60))
    const [early, late] = [`collect-${draw.int(10, 49)}`, `collect-${draw.int(50, 99)}`]
    // The first two are put in, then the tray is emptied, then the others come.
    const gives = amounts.map((amount, i): JobData => {
      const name = `put-${i + 1}`
      const forms = atom('fact', `forms-${i + 1}`, String(amount))
      return {
        id: name,
        prompt: `${atom('task', name, name)} ${sentence(draw)} Here are ${forms} more forms for ${taker}. Add them to the count in ${places.waiting}, and keep the rest of the file.`,
        arrivesMs: (i < 2 ? i : i + 1) * NEXT_COMES_MS,
      }
    })
    const takes = [early, late].map(
      (id, i): JobData => ({
        id,
        prompt: `${atom('task', COLLECT, id)} ${sentence(draw)} Empty the tray: add what is waiting in ${places.waiting} to what is booked in ${places.booked}, then set the tray to 0. Keep the rest of both files.`,
        arrivesMs: (i === 0 ? 2 : messages + 1) * NEXT_COMES_MS,
      }),
    )
    const slow = draw.of(['put-2/put', `${early}/clear`])
    return {
      world: {
        files: {
          [TRAY]: counting(tray, 'waiting', '0'),
          [BOOK]: counting(book, 'booked', '0'),
        },
      },
      reactions: [],
      users: [
        { id: giver, jobs: gives },
        { id: taker, jobs: takes },
      ],
      programs: [...amounts.map((_, i) => putting(i + 1, tray)), collecting(tray, book)],
      hazards: pausedAt(draw, slow, pause),
      truths: {
        waiting: { origin: 'changing', values: [{ value: '0' }] },
        booked: { origin: 'changing', values: [{ value: '0' }] },
        ...Object.fromEntries(
          amounts.map((amount, i) => [
            `forms-${i + 1}`,
            { origin: 'user' as const, values: [{ value: String(amount) }] },
          ]),
        ),
      },
      windowTokens: window,
    }
  },
  check,
})
