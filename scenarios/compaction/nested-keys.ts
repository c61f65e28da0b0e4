// The value found under a key is the next key: what is found has to be kept over the work that comes before it
// is used, and a look-up that is lost has to be found again. Other keys of like names stand around it.
import { atom, type Fact, type Program, type Step, type Truth } from '../../sim/index.ts'
import { sentence } from '../../sim/world/prose.ts'
import { damage } from '../materials/deeds.ts'
import { oneJob, windowOf, writing } from '../materials/steps.ts'
import {
  amid,
  closing,
  documents,
  MOVING,
  names,
  OPENING,
  origins,
  told,
} from '../materials/stretch.ts'
import { flawsOf, written } from '../materials/written.ts'
import { type Judged, scenario, type Violation } from '../scenario.ts'

const check = (judged: Judged): Violation[] => [...damage(judged), ...flawsOf(written(judged))]

/** A page of the store is some of its keys: so many tokens of prose are around them. */
const PAGE_TOKENS = 400

const opening = (level: number): Step => ({
  id: `open-${level}`,
  needs: [`key-${level}`],
  call: { op: 'files.read', args: { path: `store/{key-${level}}.md` } },
  effect: 'read',
})

const noting = (item: string): Step =>
  writing(
    `note-${item}`,
    [`amount-${item}`, 'label'],
    `out/${item}.md`,
    `Noted ${told(`amount-${item}`)} under ${told('label', 'choice')}.\n`,
  )

/** A look-up, some of the work, and so on to the last key. */
function steps(items: readonly string[], levels: number): Step[] {
  const between: Step[] = []
  for (let level = 0; level <= levels; level++) {
    const [from, to] = [level, level + 1].map((n) => Math.floor((n * items.length) / (levels + 1)))
    between.push(opening(level), ...items.slice(from, to).map(noting))
  }
  const last = `key-${levels + 1}`
  return [
    ...OPENING,
    ...between,
    ...closing('sum-up', 'out/summary.md', `The keys lead to {${last}}.\n`, [last]),
  ]
}

export default scenario({
  claim:
    'A chain of keys is followed to its end, though work comes between one look-up and the next.',
  source: 'MemGPT, arXiv 2310.08560, section 3.2.2: nested key-value retrieval',
  good: 'keeps the key that was found last over the work in between, or the way to it, and follows the chain from there',
  bad: 'drops the look-up with other old results, and takes a key of a like name, or gives the chain up',
  own: ['fact-wrong', 'work-missing'],
  isPortable: true,
  params: {
    levels: { default: 3, min: 0, max: 8, simplest: 0, about: 'keys that lead to another key' },
    distance: {
      default: 17_000,
      min: 100,
      max: 200_000,
      simplest: 100,
      about: 'tokens of work in all',
    },
    items: { default: 6, min: 1, max: 26, simplest: 1, about: 'documents to work through' },
    others: { default: 6, min: 0, max: 40, simplest: 0, about: 'other keys on each page' },
    moving: MOVING,
    window: windowOf(16_000),
  },
  draw(draw, { levels, distance, items: count, others, moving, window }) {
    const items = names(draw, count)
    const job = `trace-${draw.int(100, 999)}`
    const known = origins(draw, `out/${items[0]}.md`, moving)
    const docs = documents(draw, items, distance)
    const keys = names(draw, levels + 2, 100, 999)
    const facts: Record<string, Fact> = {}
    const truths: Record<string, Truth> = {}
    const files: Record<string, string> = {}
    for (const [n, value] of keys.entries()) {
      const origin = n === 0 ? 'user' : 'stable'
      facts[`key-${n}`] = { origin }
      truths[`key-${n}`] = { origin, values: [{ value }] }
      if (n > levels) continue
      const next = atom('fact', `key-${n + 1}`, keys[n + 1])
      const rows = names(draw, others).map(
        (other) => `- ${atom('fact', `key-${draw.int(20, 999)}`, other)}`,
      )
      const row = `- ${value} holds ${next} (this page is ${atom('place', `key-${n + 1}`, `store/${value}.md`)})`
      files[`store/${value}.md`] = amid(draw, PAGE_TOKENS, draw.shuffled([...rows, row]).join('\n'))
    }
    const prompt = [
      `${atom('task', 'trace', job)} ${sentence(draw)} Please find out where ${atom('fact', 'key-0', keys[0])} leads. A page store/KEY.md holds the next key, and that key has a page in turn, until there is none.`,
      `Between two look-ups go through some of the documents, in their order, and note what they come to, under one label of your own. At the end write a summary for account ${atom('fact', 'account', known.account)}. Read the rate again just before.`,
      `Where things are: ${[...known.places, ...docs.places].join(' ')}`,
    ].join('\n')
    const program: Program = {
      name: 'trace',
      facts: { ...known.facts, ...docs.facts, ...facts },
      steps: steps(items, levels),
      answer: 'The chain is followed.',
    }
    return {
      world: { files: { ...known.files, ...docs.files, ...files } },
      reactions: known.moves(draw),
      users: oneJob(job, prompt),
      programs: [program],
      hazards: [],
      truths: { ...known.truths, ...docs.truths, ...truths },
      windowTokens: window,
    }
  },
  check,
})
