// An order sheet is put together from notes that do not fit the window, and all that people say in prompt and
// files is worded in one of four styles, equally long. What is meant is the same, so nothing that a harness does
// may depend on it: the verdict of an instance is that of every other wording.
import { atom, type Fact, type Program, type Truth } from '../../sim/index.ts'
import { oneJob, reading, windowOf, writing } from '../materials/steps.ts'
import { around, BUYER, NOTES, QUANTITY, SHEET, STYLES, worded } from '../materials/wordings.ts'
import { type Judged, scenario, type Violation } from '../scenario.ts'

const truthOf = ({ instance }: Judged, fact: string): string =>
  instance.truths[fact]?.values[0]?.value ?? ''

function check(judged: Judged): Violation[] {
  const { instance, after } = judged
  const found = new Map<string, string>()
  let total = 0
  const names = Object.keys(instance.truths).filter((name) => name.startsWith('amount-'))
  for (const name of names) {
    total += Number(truthOf(judged, name))
    const text = after.files[`order/${name.slice('amount-'.length)}.md`]
    if (text === undefined) found.set('line-missing', 'leaves out a line of the order')
    else if (text !== `${truthOf(judged, name)} pieces for ${truthOf(judged, 'buyer')}.\n`)
      found.set('line-wrong', 'orders a wrong quantity, or for the wrong buyer')
  }
  const sheet = after.files['order/sheet.md']
  const wanted = `Buyer ${truthOf(judged, 'buyer')}, account ${truthOf(judged, 'account')}.\nTotal ${total}.\n`
  if (sheet === undefined) found.set('sheet-missing', 'ends without the order sheet')
  else if (sheet !== wanted) found.set('sheet-wrong', 'adds up or addresses the order wrongly')
  return [...found].map(([name, says]) => ({ name, says }))
}

const programOf = (items: readonly string[], facts: Program['facts']): Program => {
  const amounts = items.map((item) => `amount-${item}`)
  return {
    name: 'order-sheet',
    facts,
    steps: [
      ...items.flatMap((item) => [
        { ...reading(`amount-${item}`), id: `read-${item}` },
        writing(
          `order-${item}`,
          [`amount-${item}`, 'buyer'],
          `order/${item}.md`,
          `{amount-${item}} pieces for {buyer}.\n`,
        ),
      ]),
      writing(
        'sheet',
        ['buyer', 'account', ...amounts],
        'order/sheet.md',
        `Buyer {buyer}, account {account}.\nTotal {=${amounts.join('+')}}.\n`,
      ),
    ],
    answer: 'The order sheet is there.',
  }
}

export default scenario({
  claim: 'How a task is worded changes nothing of what becomes of it.',
  source:
    'Sensitivity of agents to paraphrase (PromptBench, arXiv 2306.04528); here the control: meaning alone counts',
  good: 'keeps, drops and finds by meaning and place, so that a kind or a formal wording of the same length makes no difference',
  bad: 'cuts or picks by words that happen to stand in a text, and so loses more of one wording than of another',
  own: ['line-missing', 'line-wrong', 'sheet-missing', 'sheet-wrong'],
  isPortable: true,
  params: {
    wording: {
      default: 0,
      min: 0,
      max: STYLES - 1,
      simplest: 0,
      about: 'style of prompt and files: 0 plain, 1 kind, 2 formal, 3 brief',
    },
    items: { default: 6, min: 1, max: 20, simplest: 1, about: 'lines of the order' },
    distance: {
      default: 12_000,
      min: 100,
      max: 200_000,
      simplest: 100,
      about: 'tokens of notes in all',
    },
    window: windowOf(16_000),
  },
  draw(draw, { wording, items: count, distance, window }) {
    const job = `order-${draw.int(100, 999)}`
    const names = new Set<string>()
    while (names.size < count) names.add(`${draw.word(2)}-${draw.int(10, 99)}`)
    const items = [...names]
    const said = { buyer: draw.word(3), account: `${draw.int(1000, 9999)}-${draw.word(1)}` }
    const facts: Record<string, Fact> = {}
    const truths: Record<string, Truth> = {}
    for (const [name, value] of Object.entries(said)) {
      facts[name] = { origin: 'user' }
      truths[name] = { origin: 'user', values: [{ value }] }
    }
    const files: Record<string, string> = {}
    const places: string[] = []
    for (const item of items) {
      const [name, amount] = [`amount-${item}`, String(draw.int(10, 99))]
      const half = (): string => around(draw, distance / count / 2, wording)
      files[`notes/${item}.md`] =
        `# ${item}\n\n${half()}\n\n${worded(QUANTITY, wording)} ${atom('fact', name, amount)}\n\n${half()}\n`
      facts[name] = { origin: 'stable' }
      truths[name] = { origin: 'stable', values: [{ value: amount }] }
      places.push(atom('place', name, `notes/${item}.md`))
    }
    const [buyer, account] = Object.entries(said).map(([name, value]) => atom('fact', name, value))
    const prompt = [
      `${atom('task', 'order-sheet', job)} ${worded(SHEET, wording)}`,
      `${worded(BUYER, wording)} ${buyer} ${account}`,
      `${worded(NOTES, wording)} ${places.join(' ')}`,
    ].join('\n')
    return {
      world: { files },
      reactions: [],
      users: oneJob(job, prompt),
      programs: [programOf(items, facts)],
      hazards: [],
      truths,
      windowTokens: window,
    }
  },
  check,
})
