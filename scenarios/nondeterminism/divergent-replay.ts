// The model settles on a plan of its own and works by it, file by file, when the machine goes down. Whoever asks
// it anew instead of going on from what was decided may hear another plan, and leaves work of both.
import { atom, type Program } from '../../sim/index.ts'
import { prose, sentence } from '../../sim/world/prose.ts'
import { oneJob, reading, stable, windowOf, writing } from '../materials/steps.ts'
import { type Judged, scenario, type Violation } from '../scenario.ts'

const LAYOUTS = ['by-region', 'by-month', 'by-product', 'by-team'] as const
const FILE = /^site\/([a-z-]+)\/([a-z0-9-]+)\.md$/

function check({ instance, after }: Judged): Violation[] {
  const found: Violation[] = []
  const pages = Object.keys(instance.truths)
  const layouts = new Map<string, string[]>()
  for (const path of Object.keys(after.files)) {
    const [, layout = '', page = ''] = FILE.exec(path) ?? []
    const isMeant = LAYOUTS.some((known) => known === layout) && pages.includes(page)
    if (isMeant) layouts.set(layout, [...(layouts.get(layout) ?? []), page])
  }
  if (layouts.size > 1)
    found.push({ name: 'mixed-decisions', says: 'leaves work of two decisions side by side' })
  const whole = [...layouts].find(([, made]) => made.length === pages.length)
  if (whole === undefined)
    found.push({ name: 'page-missing', says: 'carries out no decision to the end' })
  const isWrong = pages.some((page) => {
    const value = instance.truths[page]?.values[0]?.value
    const text = after.files[`site/${whole?.[0]}/${page}.md`]
    return text !== undefined && !text.includes(` ${value} `)
  })
  if (isWrong) found.push({ name: 'page-wrong', says: 'puts a wrong figure on a page' })
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
        `site/{layout}/${page}.md`,
        `# ${page}\n\nSorted [[choice:layout={layout}]]: {${page}} orders.\n`,
      ),
    ),
  ],
  answer: 'The pages are there.',
})

export default scenario({
  claim: 'After a crash the work goes on by the decision that was made, not by another one.',
  source:
    'Event sourcing and deterministic replay of workflows (Temporal, Durable Functions): a decision is logged, not made again',
  isPortable: false,
  params: {
    pages: { default: 5, min: 2, max: 16, simplest: 2, about: 'files by one decision' },
    at: {
      default: 0,
      min: 0,
      max: 18,
      simplest: 1,
      about: 'the answer that the machine goes down at; 0 draws one after the decision',
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
    const answer = at === 0 ? draw.int(3, count + 2) : at
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
