// Nobody but the model knows what it has settled on: each topic gets a name of its own choice, and an index at the
// end has them all. A decision that is lost is made anew, and maybe otherwise.
import { atom, type Fact, type Program, type Step } from '../../sim/index.ts'
import { sentence } from '../../sim/world/prose.ts'
import { damage } from '../materials/deeds.ts'
import { oneJob, windowOf, writing } from '../materials/steps.ts'
import { closing, documents, MOVING, names, OPENING, origins, told } from '../materials/stretch.ts'
import { flawsOf, written } from '../materials/written.ts'
import { type Judged, scenario, type Violation } from '../scenario.ts'

const check = (judged: Judged): Violation[] => [...damage(judged), ...flawsOf(written(judged))]

const WORDS = ['amber', 'basalt', 'cedar', 'dune', 'ember', 'fjord', 'garnet', 'heron'] as const

const drafting = (topic: string): Step =>
  writing(
    `draft-${topic}`,
    [`amount-${topic}`, `name-${topic}`, 'label'],
    `out/${topic}.md`,
    `${told(`name-${topic}`, 'choice')} comes to ${told(`amount-${topic}`)}, under ${told('label', 'choice')}.\n`,
  )

function index(topics: readonly string[]): Step[] {
  const lines = topics.map((topic) => `- ${topic}: {name-${topic}}\n`)
  const chosen = topics.map((topic) => `name-${topic}`)
  return closing('index', 'out/index.md', lines.join(''), chosen)
}

export default scenario({
  claim: 'Decisions that the model made itself are kept to at the end as they were made.',
  source:
    'Cognition, Do not build multi-agents, June 2025: actions carry implicit decisions; ledgers of our own',
  good: "keeps the model's own decisions word by word in every summary, in notes, or reads them back from what it wrote",
  bad: 'takes a decision for talk and drops it with the turn it stood in, so that it is made again, and otherwise',
  own: ['choice-changed'],
  isPortable: true,
  params: {
    topics: { default: 6, min: 1, max: 20, simplest: 1, about: 'decisions, a document each' },
    options: { default: 4, min: 2, max: WORDS.length, simplest: 2, about: 'to choose among, each' },
    distance: {
      default: 17_000,
      min: 100,
      max: 200_000,
      simplest: 100,
      about: 'tokens of work in all',
    },
    moving: MOVING,
    window: windowOf(16_000),
  },
  draw(draw, { topics: count, options, distance, moving, window }) {
    const topics = names(draw, count)
    const job = `name-${draw.int(100, 999)}`
    const known = origins(draw, `out/${topics[0]}.md`, moving)
    const docs = documents(draw, topics, distance)
    const own: Record<string, Fact> = {}
    for (const topic of topics)
      own[`name-${topic}`] = { origin: 'own', options: draw.some(WORDS, options) }
    const prompt = [
      `${atom('task', 'name-them', job)} ${sentence(draw)} Please draft a page on each document for account ${atom('fact', 'account', known.account)}, under one label of your own.`,
      `Give each a working name that you find fitting (${WORDS.join(', ')}); I leave that to you, but stay with it. When all are drafted write an index of the names. Read the rate again just before.`,
      `Where things are: ${[...known.places, ...docs.places].join(' ')}`,
    ].join('\n')
    const program: Program = {
      name: 'name-them',
      facts: { ...known.facts, ...docs.facts, ...own },
      steps: [...OPENING, ...topics.map(drafting), ...index(topics)],
      answer: 'The index is written.',
    }
    return {
      world: { files: { ...known.files, ...docs.files } },
      reactions: known.moves(draw),
      users: oneJob(job, prompt),
      programs: [program],
      hazards: [],
      truths: { ...known.truths, ...docs.truths },
      windowTokens: window,
    }
  },
  check,
})
