// Facts of four origins have to outlive a long stretch of work: said once, read in a stable place, read in
// a place that changes, and decided by the model itself. A settlement at the end needs them all.

import { atom, type Program, type Step } from '../../sim/index.ts'
import { sentence } from '../../sim/world/prose.ts'
import { oneJob, windowOf, writing } from '../materials/steps.ts'
import { closing, documents, LABELS, names, OPENING, origins } from '../materials/stretch.ts'
import { type Judged, scenario, type Violation } from '../scenario.ts'

function steps(items: readonly string[]): Step[] {
  const work = items.map((item) =>
    writing(
      `book-${item}`,
      [`amount-${item}`, 'account', 'label'],
      `out/${item}.md`,
      `Booked [[fact:amount-${item}={amount-${item}}]] on account [[fact:account={account}]] under [[choice:label={label}]].\n`,
    ),
  )
  const amounts = items.map((item) => `amount-${item}`)
  const total = `Total {=${amounts.join('+')}}.\n`
  return [...OPENING, ...work, ...closing('settle', 'out/settlement.md', total, amounts)]
}

const truthOf = (judged: Judged, fact: string): string =>
  judged.instance.truths[fact]?.values.at(-1)?.value ?? ''

function check(judged: Judged): Violation[] {
  const { after, instance } = judged
  const found: Violation[] = []
  const items = Object.keys(instance.truths).filter((name) => name.startsWith('amount-'))
  const first = after.files[`out/${items[0]?.slice(7)}.md`] ?? ''
  const label = LABELS.find((candidate) => first.includes(`=${candidate}]]`)) ?? LABELS[0]
  let total = 0
  for (const name of items) {
    const item = name.slice(7)
    total += Number(truthOf(judged, name))
    const text = after.files[`out/${item}.md`]
    const [amount, account] = [name, 'account'].map((fact) =>
      atom('fact', fact, truthOf(judged, fact)),
    )
    const wanted = `Booked ${amount} on account ${account} under`
    if (text === undefined)
      found.push({
        name: 'booking-missing',
        says: 'leaves out a booking',
      })
    else if (!text.startsWith(wanted))
      found.push({ name: 'booking-wrong', says: 'books wrong figures' })
    else if (!text.includes(`=${label}]]`))
      found.push({
        name: 'choice-changed',
        says: 'forgets its own decision: two labels for one job',
      })
  }
  const settled = after.files['out/settlement.md']
  const facts = ['account', 'terms', 'rate'].map((name) => `${name} ${truthOf(judged, name)}`)
  const wanted = `Account ${facts.join(', ').slice(8)}, label ${label}.\nTotal ${total}.\n`
  if (settled === undefined)
    found.push({ name: 'settlement-missing', says: 'ends without the settlement' })
  else if (settled !== wanted)
    found.push({
      name: 'settlement-wrong',
      says: 'settles with a fact that is lost, stale or made up',
    })
  return found
}

export default scenario({
  claim: 'Facts said, read and decided early are used correctly after a long stretch of work.',
  source:
    'Lost in compaction (calibration/lost_in_compaction_profff.yaml); MemGPT, arXiv 2310.08560',
  isPortable: true,
  params: {
    distance: {
      default: 17_000,
      min: 100,
      max: 200_000,
      simplest: 100,
      about: 'tokens of work in between',
    },
    items: { default: 16, min: 1, max: 26, simplest: 1, about: 'documents to work through' },
    window: windowOf(16_000),
  },
  draw(draw, { distance, items: count, window }) {
    const items = names(draw, count)
    const job = `settle-${draw.int(100, 999)}`
    const known = origins(draw, `out/${items[0]}.md`)
    const { account, moves } = known
    const docs = documents(draw, items, distance)
    const prompt = [
      `${atom('task', 'settle', job)} ${sentence(draw)} Please settle account ${atom('fact', 'account', account)}.`,
      `Book each document under one label of your own, then write the settlement. Read the rate again just before.`,
      `Where things are: ${[...known.places, ...docs.places].join(' ')}`,
    ].join('\n')
    const program: Program = {
      name: 'settle',
      facts: { ...known.facts, ...docs.facts },
      steps: steps(items),
      answer: 'The account is settled.',
    }
    return {
      world: { files: { ...known.files, ...docs.files } },
      reactions: moves(draw),
      users: oneJob(job, prompt),
      programs: [program],
      hazards: [],
      truths: { ...known.truths, ...docs.truths },
      windowTokens: window,
    }
  },
  check,
})
