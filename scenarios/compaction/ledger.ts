// Facts of four origins have to outlive a long stretch of work: said once, read in a stable place, read in
// a place that changes, and decided by the model itself. A settlement at the end needs them all.

import type { Fact, Program, Step, Truth } from '../../sim/index.ts'
import { atom } from '../../sim/index.ts'
import { prose, sentence } from '../../sim/world/prose.ts'
import { type Judged, scenario, type Violation } from '../scenario.ts'

const LABELS = ['north', 'harbour', 'meadow', 'quarry'] as const

const wrote = (path: string, text: string): Step['call'] => ({
  op: 'files.write',
  args: { path, content: text },
})

function steps(items: readonly string[]): Step[] {
  const reading = (id: string, place: string, learns: readonly string[]): Step => ({
    id,
    needs: [`@${place}`],
    call: { op: 'files.read', args: { path: `{@${place}}` } },
    effect: 'read',
    ...(learns.length > 0 ? { learns } : {}),
  })
  const work = items.map(
    (item): Step => ({
      id: `book-${item}`,
      needs: [`amount-${item}`, 'account', 'label'],
      call: wrote(
        `out/${item}.md`,
        `Booked [[fact:amount-${item}={amount-${item}}]] on account [[fact:account={account}]] under [[choice:label={label}]].\n`,
      ),
      effect: 'idempotent',
    }),
  )
  const sum = items.map((item) => `amount-${item}`).join('+')
  return [
    reading('read-terms', 'terms', ['terms']),
    reading('look-at-rate', 'rate', []),
    ...work,
    reading('check-rate', 'rate', []),
    {
      id: 'settle',
      needs: ['account', 'terms', 'rate', 'label', ...items.map((item) => `amount-${item}`)],
      call: wrote(
        'out/settlement.md',
        `Account {account}, terms {terms}, rate {rate}, label {label}.\nTotal {=${sum}}.\n`,
      ),
      effect: 'idempotent',
    },
  ]
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
    window: {
      default: 16_000,
      min: 1000,
      max: 1_000_000,
      simplest: 1_000_000,
      about: 'context window in tokens',
    },
  },
  draw(draw, { distance, items: count, window }) {
    const items = Array.from({ length: count }, () => `${draw.word(2)}-${draw.int(10, 99)}`)
    const job = `settle-${draw.int(100, 999)}`
    const account = `${draw.int(1000, 9999)}-${draw.word(1)}`
    const [terms, rate, later] = draw.some(
      Array.from({ length: 80 }, (_, i) => `${i + 11}`),
      3,
    ) as [string, string, string]
    const files: Record<string, string> = {
      'terms.md': `${prose(draw, 120)}\n\nThe terms are ${atom('fact', 'terms', terms)} days.\n`,
      'rate.md': `${sentence(draw)} The rate is ${atom('fact', 'rate', rate)}.\n`,
    }
    const truths: Record<string, Truth> = {
      account: { origin: 'user', values: [{ value: account }] },
      terms: { origin: 'stable', values: [{ value: terms }] },
      rate: {
        origin: 'changing',
        values: [{ value: rate }, { value: later, afterWriteOf: `out/${items[0]}.md` }],
      },
    }
    const facts: Record<string, Fact> = {
      account: { origin: 'user' },
      terms: { origin: 'stable', semantic: true },
      rate: { origin: 'changing' },
      label: { origin: 'own', options: draw.shuffled(LABELS) },
    }
    const places = [atom('place', 'terms', 'terms.md'), atom('place', 'rate', 'rate.md')]
    for (const item of items) {
      const amount = String(draw.int(100, 999))
      const [before, behind] = [
        prose(draw, distance / count / 2),
        prose(draw, distance / count / 2),
      ]
      files[`docs/${item}.md`] =
        `${before}\n\nAmount: ${atom('fact', `amount-${item}`, amount)}\n\n${behind}\n`
      truths[`amount-${item}`] = { origin: 'stable', values: [{ value: amount }] }
      facts[`amount-${item}`] = { origin: 'stable' }
      places.push(atom('place', `amount-${item}`, `docs/${item}.md`))
    }
    const prompt = [
      `${atom('task', 'settle', job)} ${sentence(draw)} Please settle account ${atom('fact', 'account', account)}.`,
      `Book each document under one label of your own, then write the settlement. Read the rate again just before.`,
      `Where things are: ${places.join(' ')}`,
    ].join('\n')
    const program: Program = {
      name: 'settle',
      facts,
      steps: steps(items),
      answer: 'The account is settled.',
    }
    return {
      world: { files },
      reactions: [
        {
          onWriteOf: `out/${items[0]}.md`,
          path: 'rate.md',
          text: `${sentence(draw)} The rate is ${atom('fact', 'rate', later)}.\n`,
        },
      ],
      users: [{ id: 'ana', jobs: [{ id: job, prompt, arrivesMs: 0 }] }],
      programs: [program],
      hazards: [],
      truths,
      windowTokens: window,
    }
  },
  check,
})
