// A booking moves money from one account to others: several files that belong together. The machine goes down
// between two of them, or just before what was written apart is committed. Whoever starts over from files of
// which half are new books twice.
import {
  atom,
  type Fact,
  type Placed,
  type Program,
  type Step,
  type Truth,
} from '../../sim/index.ts'
import { prose, sentence } from '../../sim/world/prose.ts'
import { crashAt } from '../materials/crashes.ts'
import { oneJob, reading, windowOf, writing } from '../materials/steps.ts'
import { names } from '../materials/stretch.ts'
import { written } from '../materials/written.ts'
import { type Judged, scenario, type Violation } from '../scenario.ts'

const JOURNAL = 'journal/today.md'

const ACCOUNTS = 'accounts/'

const pathOf = (account: string): string => `${ACCOUNTS}${account}.md`

/** The number that stands in an account's file; undefined where there is none. */
function balanceIn(text: string | undefined, account: string): number | undefined {
  const told = new RegExp(`\\[\\[fact:balance-${account}=(-?\\d+)\\]\\]`).exec(text ?? '')
  return told === null ? undefined : Number(told[1])
}

/** What the voucher and the journal say; the accounts' own files are looked at by their balances. */
function papers(judged: Judged): Violation[] {
  const own = written(judged).filter(({ path }) => !path.startsWith(ACCOUNTS))
  if (own.some(({ text }) => text === undefined))
    return [
      { name: 'papers-missing', says: 'leaves the transfer out of its voucher or the journal' },
    ]
  return own.some(({ isOther, flaws }) => isOther || flaws.length > 0)
    ? [{ name: 'papers-wrong', says: 'leaves a voucher or a journal that says something else' }]
    : []
}

function check(judged: Judged): Violation[] {
  const { instance, before, after } = judged
  const found: Violation[] = []
  const bookings = Object.keys(instance.truths).filter((name) => name.startsWith('booking-'))
  const states = new Set<string>()
  for (const name of bookings) {
    const account = name.slice('booking-'.length)
    const booked = Number(instance.truths[name]?.values[0]?.value)
    const [was, is] = [before, after].map(({ files }) => balanceIn(files[pathOf(account)], account))
    if (is === undefined || was === undefined) states.add('lost')
    else if (is === was) states.add('open')
    else if (is === was + booked) states.add('done')
    else states.add(is === was + 2 * booked ? 'twice' : 'wrong')
  }
  if (states.has('twice')) found.push({ name: 'booked-twice', says: 'books a transfer twice' })
  if (states.has('wrong') || states.has('lost'))
    found.push({ name: 'balance-wrong', says: 'leaves a balance that no booking explains' })
  if (states.has('open') && states.size > 1)
    found.push({ name: 'half-booked', says: 'books one side of a transfer and not the other' })
  else if (states.has('open'))
    found.push({ name: 'not-booked', says: 'does not book the transfer' })
  return [...found, ...papers(judged)]
}

function steps(accounts: readonly string[], job: string): Step[] {
  const news = accounts.map((account) => `closing-${account}`)
  const sums = accounts.map((one) => `[[fact:closing-${one}={=balance-${one}+booking-${one}}]]`)
  return [
    ...accounts.map((account) => ({
      ...reading(`balance-${account}`, [`balance-${account}`]),
      id: `read-${account}`,
    })),
    {
      ...writing(
        'voucher',
        accounts.flatMap((account) => [`balance-${account}`, `booking-${account}`]),
        `vouchers/${job}.md`,
        `# Voucher ${job}\n\nClosing balances: ${sums.join(' ')}\n`,
      ),
      learns: news,
    },
    // A booking is reckoned from what it overwrites: made again, it is made twice.
    ...accounts.map((account) => ({
      ...writing(
        `book-${account}`,
        [`closing-${account}`],
        pathOf(account),
        `# ${account}\n\nBalance [[fact:balance-${account}={closing-${account}}]]\n`,
      ),
      effect: 'once' as const,
    })),
    writing('journal', [], JOURNAL, `Booked ${job}: ${accounts.join(', ')}.\n`),
  ]
}

export default scenario({
  claim: 'Files that belong together are changed together or not at all, also over a crash.',
  source:
    'Atomicity (Gray and Reuter, Transaction Processing, 1993); agents that are restarted on half-written work',
  good: 'makes the changes of a job apart and commits them at once, or logs each write, so that a restart finds all of them or none',
  bad: 'writes file by file in place and starts over from files of which half are new',
  own: ['booked-twice', 'half-booked', 'balance-wrong'],
  isPortable: false,
  params: {
    accounts: { default: 3, min: 2, max: 8, simplest: 2, about: 'files that belong together' },
    at: {
      default: 0,
      min: 0,
      max: 10,
      simplest: 1,
      about: 'the write that it goes down at, past the last one: the end of the job; 0 draws it',
    },
    window: windowOf(32_000),
  },
  draw(draw, { accounts: count, at, window }) {
    const job = `transfer-${draw.int(100, 999)}`
    const accounts = names(draw, count)
    const files: Record<string, string> = { 'README.md': `${prose(draw, 60)}\n` }
    const facts: Record<string, Fact> = {}
    const truths: Record<string, Truth> = {}
    const credits = accounts.slice(1).map(() => draw.int(10, 60))
    const debit = -credits.reduce((sum, credit) => sum + credit, 0)
    const orders: string[] = []
    const places: string[] = []
    for (const [i, account] of accounts.entries()) {
      const [balance, booking] = [draw.int(500, 990), credits[i - 1] ?? debit]
      files[pathOf(account)] =
        `# ${account}\n\n${prose(draw, 40)}\n\nBalance ${atom('fact', `balance-${account}`, String(balance))}\n`
      const told: readonly (readonly [string, Fact['origin'], number])[] = [
        [`balance-${account}`, 'changing', balance],
        [`booking-${account}`, 'user', booking],
        [`closing-${account}`, 'stable', balance + booking],
      ]
      for (const [name, origin, value] of told) {
        facts[name] = { origin }
        truths[name] = { origin, values: [{ value: String(value) }] }
      }
      orders.push(`${account} ${atom('fact', `booking-${account}`, String(booking))}`)
      places.push(atom('place', `balance-${account}`, pathOf(account)))
    }
    const program: Program = {
      name: 'transfer',
      facts,
      steps: steps(accounts, job),
      answer: 'The transfer is booked on all accounts.',
    }
    const prompt = [
      `${atom('task', 'transfer', job)} ${sentence(draw)}`,
      `Please book this transfer, with a voucher of the closing balances first: ${orders.join(', ')}.`,
      `Note it in the journal when all accounts are done. The accounts: ${places.join(' ')}`,
    ].join('\n')
    const write = at === 0 ? draw.int(1, count + 2) : Math.min(at, count + 2)
    const turn = count + 1 + write
    // Behind the journal comes no call: the end of the job is its last answer.
    const event = write === count + 2 ? 2 * turn - 1 : 2 * turn
    const hazards: Placed[] = crashAt(job, event, draw.next() < 0.5)
    return {
      world: { files },
      reactions: [],
      users: oneJob(job, prompt),
      programs: [program],
      hazards,
      truths,
      windowTokens: window,
    }
  },
  check,
})
