// A working set that is larger than the window: tables are visited in turns, round after round, and each is needed
// again when it has just gone. Whoever keeps the tables reads them again and again; whoever keeps what they tell
// does not, as far as there is room for that.
import { atom, type Fact, type Program, type Step, type Truth } from '../../sim/index.ts'
import { sentence } from '../../sim/world/prose.ts'
import { damage } from '../materials/deeds.ts'
import { oneJob, windowOf, writing } from '../materials/steps.ts'
import {
  amid,
  closing,
  type Known,
  looking,
  MOVING,
  names,
  OPENING,
  origins,
  told,
} from '../materials/stretch.ts'
import { flawsOf, written } from '../materials/written.ts'
import { type Judged, scenario, type Violation } from '../scenario.ts'

const check = (judged: Judged): Violation[] => [...damage(judged), ...flawsOf(written(judged))]

const figuresOf = (table: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `figure-${table}-${i + 1}`)

const holes = (figures: readonly string[]): string => figures.map((name) => told(name)).join(', ')

/** Each table against the next one. */
function visits(tables: readonly string[], figures: number, round: number): Step[] {
  return tables.map((table, i) => {
    const next = tables[(i + 1) % tables.length] ?? table
    const [own, other] = [figuresOf(table, figures), figuresOf(next, figures)]
    const text = `Round ${round}, ${told('label', 'choice')}: ${holes(own)} against ${holes(other)}.\n`
    const needs = [...new Set([...own, ...other]), 'label']
    return writing(`visit-${round}-${table}`, needs, `out/${round}-${table}.md`, text)
  })
}

function steps(tables: readonly string[], figures: number, rounds: number): Step[] {
  const all = Array.from({ length: rounds }, (_, i) => i + 1)
  const work = all.flatMap((round) => [
    ...visits(tables, figures, round),
    looking(`look-at-rate-${round}`, 'rate'),
    writing(`sum-up-${round}`, ['rate'], `out/round-${round}.md`, 'The rate is {rate}.\n'),
  ])
  return [...OPENING, ...work, ...closing('close', 'out/summary.md')]
}

export default scenario({
  claim:
    'Work whose material does not fit the window is done, though it has to be visited in turns.',
  source: 'Denning, Thrashing, AFIPS 1968; MemGPT, arXiv 2310.08560, on paging of documents',
  good: 'keeps the few figures that a table tells and lets the rest of it go, so that a second visit costs no second reading',
  bad: 'keeps whole tables until the window is full and drops the oldest, the task among them or the table that is needed next',
  own: ['work-missing', 'fact-wrong'],
  isPortable: true,
  params: {
    tables: { default: 5, min: 1, max: 16, simplest: 1, about: 'visited in turns' },
    size: { default: 3500, min: 50, max: 20_000, simplest: 50, about: 'tokens of each' },
    figures: { default: 1, min: 1, max: 8, simplest: 1, about: 'needed of each' },
    rounds: { default: 2, min: 1, max: 6, simplest: 1, about: 'visits of each' },
    moving: MOVING,
    window: windowOf(16_000),
  },
  draw(draw, { tables: count, size, figures, rounds, moving, window }) {
    const tables = names(draw, count)
    const job = `compare-${draw.int(100, 999)}`
    const known = origins(draw, `out/1-${tables[0]}.md`, moving)
    const shelf = tablesOf(draw, tables, { figures, size })
    const prompt = [
      `${atom('task', 'compare', job)} ${sentence(draw)} Please compare each of these tables with the next one, and the last with the first, ${rounds} times over, under one label of your own. After each round look at the rate and note it.`,
      `At the end write a summary for account ${atom('fact', 'account', known.account)}. Read the rate again just before.`,
      `Where things are: ${[...known.places, ...shelf.places].join(' ')}`,
    ].join('\n')
    const program: Program = {
      name: 'compare',
      facts: { ...known.facts, ...shelf.facts },
      steps: steps(tables, figures, rounds),
      answer: 'All tables are compared.',
    }
    return {
      world: { files: { ...known.files, ...shelf.files } },
      reactions: known.moves(draw),
      users: oneJob(job, prompt),
      programs: [program],
      hazards: [],
      truths: { ...known.truths, ...shelf.truths },
      windowTokens: window,
    }
  },
  check,
})

function tablesOf(
  draw: Parameters<typeof names>[0],
  tables: readonly string[],
  of: { readonly figures: number; readonly size: number },
): Known {
  const files: Record<string, string> = {}
  const facts: Record<string, Fact> = {}
  const truths: Record<string, Truth> = {}
  const places: string[] = []
  for (const table of tables) {
    const rows: string[] = []
    for (const name of figuresOf(table, of.figures)) {
      const value = String(draw.int(100, 999))
      rows.push(`| ${sentence(draw)} | ${atom('fact', name, value)} |`)
      facts[name] = { origin: 'stable' }
      truths[name] = { origin: 'stable', values: [{ value }] }
      places.push(atom('place', name, `tables/${table}.md`))
    }
    files[`tables/${table}.md`] = amid(draw, of.size, rows.join('\n'))
  }
  return { files, facts, truths, places }
}
