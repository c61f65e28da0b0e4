// Days of work in a row for one user: each job is longer than the window, all rest on the same standing facts,
// and the rate changes on the way. What a memory keeps from job to job was true on the first day.
import {
  atom,
  type Fact,
  type JobData,
  type Program,
  type Step,
  type Truth,
} from '../../sim/index.ts'
import { prose, sentence } from '../../sim/world/prose.ts'
import { damage } from '../materials/deeds.ts'
import { windowOf, writing } from '../materials/steps.ts'
import {
  closing,
  documents,
  type Known,
  MOVING,
  names,
  OPENING,
  origins,
  told,
} from '../materials/stretch.ts'
import { flawsOf, written } from '../materials/written.ts'
import { type Judged, scenario, type Violation } from '../scenario.ts'

/** Virtual milliseconds: the next job comes a working day later. */
const DAY_MS = 28_800_000
const HANDBOOK = 'handbook.md'

const check = (judged: Judged): Violation[] => [...damage(judged), ...flawsOf(written(judged))]

function steps(day: number, items: readonly string[], standing: readonly string[]): Step[] {
  const work = items.map((item, i) => {
    const fact = standing[i % standing.length] ?? 'terms'
    return writing(
      `book-${item}`,
      [`amount-${item}`, fact, 'label'],
      `out/${item}.md`,
      `Booked ${told(`amount-${item}`)} by ${told(fact)} under ${told('label', 'choice')}.\n`,
    )
  })
  const held = standing.map((name) => `- ${name}: {${name}}\n`).join('')
  return [...OPENING, ...work, ...closing(`close-${day}`, `out/day-${day}.md`, held, standing)]
}

/** Standing facts, all on one page; the first so many of them are common knowledge. */
function handbook(draw: Parameters<typeof names>[0], count: number, innate: number): Known {
  const facts: Record<string, Fact> = {}
  const truths: Record<string, Truth> = {}
  const places: string[] = []
  let page = `${prose(draw, 200)}\n`
  for (const [i, value] of names(draw, count).entries()) {
    const name = `standing-${i + 1}`
    facts[name] = i < innate ? { origin: 'stable', innate: value } : { origin: 'stable' }
    truths[name] = { origin: 'stable', values: [{ value }] }
    places.push(atom('place', name, HANDBOOK))
    page += `\n${sentence(draw)} ${atom('fact', name, value)}\n`
  }
  return { files: { [HANDBOOK]: page }, facts, truths, places }
}

export default scenario({
  claim:
    'Jobs in a row, each longer than the window, all rest on the facts that hold on their day.',
  source:
    'LongMemEval, arXiv 2410.10813, and reports of agents that run for days: drift over many compactions',
  good: 'keeps standing facts from job to job with the place each is from, and reads again what may have changed',
  bad: 'takes a fact from a summary or note of an earlier day as it was then, or loses the task over one compaction after the other',
  own: ['fact-stale', 'fact-wrong', 'choice-changed'],
  isPortable: false,
  params: {
    jobs: { default: 2, min: 1, max: 8, simplest: 1, about: 'jobs in a row' },
    items: { default: 5, min: 1, max: 20, simplest: 1, about: 'documents in each' },
    standing: { default: 2, min: 0, max: 12, simplest: 1, about: 'facts that hold for all' },
    innate: { default: 0, min: 0, max: 12, simplest: 0, about: 'more of them, known unread' },
    distance: {
      default: 18_000,
      min: 100,
      max: 200_000,
      simplest: 100,
      about: 'tokens of work in each job',
    },
    moving: MOVING,
    window: windowOf(16_000),
  },
  draw(draw, { jobs: count, items: each, standing, innate, distance, moving, window }) {
    const items = names(draw, count * each)
    const days = Array.from({ length: count }, (_, n) => items.slice(n * each, (n + 1) * each))
    // In the middle of the second day, or of the only one.
    const turning = days[Math.min(1, count - 1)] ?? []
    const known = origins(draw, `out/${turning[Math.floor(each / 2)]}.md`, moving)
    const book = handbook(draw, standing + innate, innate)
    const docs = documents(draw, items, distance * count)
    const jobs: JobData[] = []
    const programs: Program[] = []
    for (const [n, own] of days.entries()) {
      const id = `day-${n + 1}-${draw.int(100, 999)}`
      const where = own.map((item) => atom('place', `amount-${item}`, `docs/${item}.md`))
      const prompt = [
        `${atom('task', `day-${n + 1}`, id)} ${sentence(draw)} Please book these documents by the handbook, under one label of your own, the same every day. Then close the day on account ${atom('fact', 'account', known.account)}. Read the rate again just before.`,
        `Where things are: ${[...book.places, ...known.places, ...where].join(' ')}`,
      ].join('\n')
      jobs.push({ id, prompt, arrivesMs: n * DAY_MS })
      programs.push({
        name: `day-${n + 1}`,
        facts: { ...known.facts, ...book.facts, ...docs.facts },
        steps: steps(n + 1, own, Object.keys(book.facts)),
        answer: 'The day is closed.',
      })
    }
    return {
      world: { files: { ...known.files, ...book.files, ...docs.files } },
      reactions: known.moves(draw),
      users: [{ id: 'ana', jobs }],
      programs,
      hazards: [],
      truths: { ...known.truths, ...book.truths, ...docs.truths },
      windowTokens: window,
    }
  },
  check,
})
