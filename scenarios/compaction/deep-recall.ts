// What a user told in passing, in an earlier job, is asked for in a later one, with other jobs in between. It
// stands in no file and in no window any more: only a harness that keeps what was said can know it.
import { atom, type Fact, type JobData, type Program, type Truth } from '../../sim/index.ts'
import { sentence } from '../../sim/world/prose.ts'
import { damage } from '../materials/deeds.ts'
import { windowOf, writing } from '../materials/steps.ts'
import { closing, documents, MOVING, names, OPENING, origins, told } from '../materials/stretch.ts'
import { flawsOf, written } from '../materials/written.ts'
import { type Judged, scenario, type Violation } from '../scenario.ts'

/** Virtual milliseconds: the user comes back every four hours. */
const LATER_MS = 14_400_000

const check = (judged: Judged): Violation[] => [
  ...damage(judged),
  ...flawsOf(written(judged)).map((violation) =>
    violation.name === 'fact-wrong'
      ? { ...violation, says: 'has forgotten what its user once said, and makes it up' }
      : violation,
  ),
]

const TOPICS = ['seat', 'diet', 'hotel', 'airport', 'carrier', 'lounge', 'insurer', 'pace'] as const

/** The job in which the user tells everything: what is done in it has nothing to do with that. */
const meeting = (item: string): Program => ({
  name: 'meet',
  facts: { [`amount-${item}`]: { origin: 'stable' } },
  steps: [
    writing('greet', [`amount-${item}`], 'out/first.md', `First: ${told(`amount-${item}`)}.\n`),
  ],
  answer: 'Noted. I look forward to our work.',
})

const working = (n: number, items: readonly string[], facts: Program['facts']): Program => ({
  name: `work-${n}`,
  facts,
  steps: items.map((item) =>
    writing(
      `note-${item}`,
      [`amount-${item}`],
      `out/${item}.md`,
      `Noted ${told(`amount-${item}`)}.\n`,
    ),
  ),
  answer: 'The documents are noted.',
})

function asking(topics: readonly string[], facts: Program['facts']): Program {
  const lines = topics.map((topic) => `- ${topic}: {${topic}}\n`)
  const text = `Booking sheet, under ${told('label', 'choice')}.\n${lines.join('')}`
  return {
    name: 'book-trip',
    facts,
    steps: [
      ...OPENING,
      writing('fill-in', [...topics, 'label'], 'out/sheet.md', text),
      ...closing('confirm', 'out/confirmation.md'),
    ],
    answer: 'The trip is booked.',
  }
}

export default scenario({
  claim: 'What a user said in an earlier job is known in a later one.',
  source:
    'MemGPT, arXiv 2310.08560, section 3.1.1: deep memory retrieval, after Multi-Session Chat',
  good: 'writes down what a user says outside the window of the job, and looks there or shows it when a later job needs it',
  bad: 'begins each job with an empty conversation and no memory, and then asks again or makes a preference up',
  own: ['fact-wrong', 'work-missing'],
  asks: 'a memory that outlives a job',
  isPortable: false,
  params: {
    facts: { default: 4, min: 1, max: TOPICS.length, simplest: 1, about: 'preferences told once' },
    jobs: { default: 2, min: 1, max: 6, simplest: 1, about: 'other jobs in between' },
    items: { default: 3, min: 1, max: 12, simplest: 1, about: 'documents in each of them' },
    distance: {
      default: 16_000,
      min: 100,
      max: 200_000,
      simplest: 100,
      about: 'tokens of work in between',
    },
    moving: MOVING,
    window: windowOf(16_000),
  },
  draw(draw, { facts: count, jobs: between, items: each, distance, moving, window }) {
    const items = names(draw, between * each + 1)
    const [first = '', ...rest] = items
    const known = origins(draw, 'out/sheet.md', moving)
    const docs = documents(draw, items, distance)
    const topics = draw.some(TOPICS, count)
    const said: Record<string, Fact> = {}
    const truths: Record<string, Truth> = {}
    const words: string[] = []
    for (const [i, topic] of topics.entries()) {
      const value = draw.word(3)
      // Every other one is found by its meaning only.
      said[topic] = { origin: 'user', semantic: i % 2 === 1 }
      truths[topic] = { origin: 'user', values: [{ value }] }
      words.push(`${topic} ${atom('fact', topic, value)}`)
    }
    const placeOf = (item: string): string => atom('place', `amount-${item}`, `docs/${item}.md`)
    const prompts: string[] = [
      [
        `${atom('task', 'meet', `meet-${draw.int(100, 999)}`)} Hello! We shall work together for a while, so a word about me: when I travel, it is ${words.join(', ')}, and it goes on account ${atom('fact', 'account', known.account)}. ${sentence(draw)}`,
        `For a start, look what document ${placeOf(first)} comes to, and note it.`,
      ].join('\n'),
    ]
    const programs = [meeting(first)]
    for (let n = 1; n <= between; n++) {
      const own = rest.slice((n - 1) * each, n * each)
      const facts = Object.fromEntries(own.map((item) => [`amount-${item}`, { origin: 'stable' }]))
      programs.push(working(n, own, facts as Program['facts']))
      prompts.push(
        `${atom('task', `work-${n}`, `work-${n}-${draw.int(100, 999)}`)} ${sentence(draw)} Please note what these documents come to: ${own.map(placeOf).join(' ')}`,
      )
    }
    programs.push(asking(topics, { ...known.facts, ...said }))
    prompts.push(
      `${atom('task', 'book-trip', `trip-${draw.int(100, 999)}`)} ${sentence(draw)} I have to travel next week. Please fill in the booking sheet as I like it, you know my ${topics.join(', ')} and the account, under a label of your own. Then write the confirmation. Read the rate again just before: ${known.places.join(' ')}`,
    )
    const jobs = prompts.map(
      (prompt, i): JobData => ({
        id: /^\[\[task:[^=]+=([^\]]+)\]\]/.exec(prompt)?.[1] ?? '',
        prompt,
        arrivesMs: i * LATER_MS,
      }),
    )
    return {
      world: { files: { ...known.files, ...docs.files } },
      reactions: known.moves(draw),
      users: [{ id: 'ana', jobs }],
      programs,
      hazards: [],
      truths: { ...known.truths, ...docs.truths, ...truths },
      windowTokens: window,
    }
  },
  check,
})
