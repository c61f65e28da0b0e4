// The model settles on a plan of its own and works by it, file by file, when the machine goes down. Whoever asks
// it anew instead of going on from what was decided may hear another plan, and leaves work of both.
import { changesIn } from '../../sim/changes.ts'
import { atom, type Program } from '../../sim/index.ts'
import { prose, sentence } from '../../sim/world/prose.ts'
import { oneJob, reading, stable, windowOf, writing } from '../materials/steps.ts'
import { type Judged, scenario, type Violation } from '../scenario.ts'

const LAYOUTS = ['by-region', 'by-month', 'by-product', 'by-team'] as const
const SITE = 'site/'
const FILE = /^site\/([a-z-]+)\/([a-z0-9-]+)\.md$/

const pathOf = (layout: string, page: string): string => `${SITE}${layout}/${page}.md`

const textOf = (layout: string, page: string, orders: string): string =>
  `# ${page}\n\nSorted [[choice:layout=${layout}]]: ${orders} orders.\n`

/** The layout and the page of a file that was asked for. */
function meant({ instance }: Judged, path: string): readonly [string, string] | undefined {
  const [, layout = '', page = ''] = FILE.exec(path) ?? []
  const isMeant = LAYOUTS.some((known) => known === layout) && page in instance.truths
  return isMeant ? [layout, page] : undefined
}

/** The layout of the first page that all could see before the machine went down. */
function decided(judged: Judged): string | undefined {
  const { instance, trace } = judged
  const crash = trace.findIndex(({ kind }) => kind === 'crash')
  const first = changesIn(instance, trace).find(({ key }) => meant(judged, key) !== undefined)
  if (first === undefined || first.event > crash) return undefined
  return meant(judged, first.key)?.[0]
}

function check(judged: Judged): Violation[] {
  const { instance, after } = judged
  const found: Violation[] = []
  const pages = Object.keys(instance.truths)
  const layouts = new Map<string, string[]>()
  const site = Object.keys(after.files).filter((path) => path.startsWith(SITE))
  for (const path of site) {
    const [layout, page] = meant(judged, path) ?? []
    if (layout === undefined || page === undefined) continue
    layouts.set(layout, [...(layouts.get(layout) ?? []), page])
  }
  if (layouts.size > 1)
    found.push({ name: 'mixed-decisions', says: 'leaves work of two decisions side by side' })
  if (site.some((path) => meant(judged, path) === undefined))
    found.push({ name: 'site-littered', says: 'leaves among the pages what nobody asked for' })
  const [whole] = [...layouts].find(([, made]) => made.length === pages.length) ?? []
  if (whole === undefined)
    return [...found, { name: 'page-missing', says: 'carries out no decision to the end' }]
  const isWrong = pages.some((page) => {
    const orders = instance.truths[page]?.values[0]?.value ?? ''
    return after.files[pathOf(whole, page)] !== textOf(whole, page, orders)
  })
  if (isWrong)
    found.push({ name: 'page-wrong', says: 'leaves a page with a wrong figure or another sorting' })
  if ((decided(judged) ?? whole) !== whole)
    found.push({ name: 'decided-anew', says: 'goes on by another decision than the one it made' })
  return found
}

const program = (known: Readonly<Record<string, string>>): Program => ({
  name: 'build-site',
  facts: { ...stable(known).facts, layout: { origin: 'own', options: LAYOUTS } },
  steps: [
    { ...reading(Object.keys(known)[0] ?? '', Object.keys(known)), id: 'read-figures' },
    ...Object.keys(known).map((page) =>
      writing(
        `page-${page}`,
        ['layout', page],
        pathOf('{layout}', page),
        textOf('{layout}', page, `{${page}}`),
      ),
    ),
  ],
  answer: 'The pages are there.',
})

export default scenario({
  claim: 'After a crash the work goes on by the decision that was made, not by another one.',
  source:
    'Event sourcing and deterministic replay of workflows (Temporal, Durable Functions): a decision is logged, not made again',
  good: 'writes each answer down before it acts on it, and goes on from there after a crash',
  bad: 'asks the model anew from the start, and lays the files of another decision beside those that are there',
  own: ['mixed-decisions'],
  isPortable: false,
  params: {
    pages: { default: 5, min: 2, max: 16, simplest: 2, about: 'files by one decision' },
    at: {
      default: 0,
      min: 0,
      max: 18,
      simplest: 1,
      about:
        'the answer that the machine goes down at, past the last one: that one; 0 draws one after the decision',
    },
    window: windowOf(32_000),
  },
  draw(draw, { pages: count, at, window }) {
    const job = `site-${draw.int(100, 999)}`
    const names = new Set<string>()
    while (names.size < count) names.add(`${draw.word(2)}-${draw.int(10, 99)}`)
    const known = Object.fromEntries([...names].map((name) => [name, String(draw.int(100, 999))]))
    const lines = Object.entries(known).map(
      ([page, figure]) => `- ${page} had ${atom('fact', page, figure)} orders. ${sentence(draw)}`,
    )
    const path = `figures/${draw.word(2)}.md`
    const places = Object.keys(known).map((page) => atom('place', page, path))
    const prompt = [
      `${atom('task', 'build-site', job)} ${sentence(draw)}`,
      `Please make a page for each of these, all sorted one way: ${LAYOUTS.join(', ')}. You decide which.`,
      'Put them under site/, in a folder named by the sorting. Nothing else may lie there.',
      `The figures: ${places.join(' ')}`,
    ].join('\n')
    const answer = at === 0 ? draw.int(3, count + 2) : Math.min(at, count + 2)
    return {
      world: { files: { [path]: `# Orders\n\n${prose(draw, 60)}\n\n${lines.join('\n')}\n` } },
      reactions: [],
      users: oneJob(job, prompt),
      programs: [program(known)],
      hazards: [{ id: `${job}/generate#${answer}/crash`, value: true }],
      truths: stable(known).truths,
      windowTokens: window,
    }
  },
  check,
})
