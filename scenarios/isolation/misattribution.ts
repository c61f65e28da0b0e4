// Two users have the same work done at once, on one workspace: an account each, invoices each, and the facts go
// by the same names. One agent no longer has its account in mind when it comes to the statement: it searches for
// it by its name, and finds the other user's, too.

import { changesIn } from '../../sim/changes.ts'
import type { Draw, Program, Step } from '../../sim/index.ts'
import { atom } from '../../sim/index.ts'
import { prose, sentence } from '../../sim/world/prose.ts'
import { windowOf, writing } from '../materials/steps.ts'
import { twoPeople } from '../materials/together.ts'
import { type Judged, scenario, type Violation } from '../scenario.ts'

const FACTS = ['account', 'terms'] as const

const inFile = (user: string, n: number): string => `inbox/${user}/${n}.md`
const outFile = (user: string, name: string): string => `out/${user}/${name}.md`

const valueIn = (text: string, fact: string): string =>
  new RegExp(`\\[\\[fact:${fact}=([^\\]]+)\\]\\]`).exec(text)?.[1] ?? ''

const booked = (n: number, [amount, account]: readonly string[]): string =>
  `Invoice ${n}: ${atom('fact', `amount-${n}`, amount)} on account ${atom('fact', 'account', account)}.\n`

const stated = (account: string, terms: string, count: number): string =>
  `Account ${account}, ${terms} days.\n${count} invoices.\n`

/** What each user's facts are, by where that user has them. */
function truthsOf({ instance, before }: Judged, user: string) {
  const prompt = instance.users.find(({ id }) => id === user)?.jobs[0]?.prompt ?? ''
  const [account = '', terms = ''] = FACTS.map((fact) => valueIn(prompt, fact))
  const amounts: string[] = []
  for (let n = 1; before.files[inFile(user, n)] !== undefined; n++)
    amounts.push(valueIn(before.files[inFile(user, n)] ?? '', `amount-${n}`))
  return { account, terms, amounts }
}

/** Whether the other user's values are in a text that should be another one. */
const isMixed = (text: string, wanted: string, others: readonly string[]): boolean =>
  others.some((value) => text.includes(value) && !wanted.includes(value))

/** What is wrong with a file: also with what stood in it for a while, for all to see. */
function problemOf(
  stood: readonly string[],
  text: string | undefined,
  wanted: string,
  others: readonly string[],
) {
  if (stood.some((one) => isMixed(one, wanted, others)))
    return { name: 'misattributed', says: "uses another user's fact as its own user's" }
  if (text === wanted) return undefined
  return text === undefined
    ? { name: 'text-missing', says: 'leaves out a booking or a statement' }
    : { name: 'text-wrong', says: 'books or states what is lost or made up' }
}

function check(judged: Judged): Violation[] {
  const { instance, after, trace } = judged
  const all = instance.users.map(({ id }) => ({ id, ...truthsOf(judged, id) }))
  const changes = changesIn(instance, trace)
  const found: Violation[] = []
  for (const { id, account, terms, amounts } of all) {
    const other = all.find((one) => one.id !== id)
    const others = [other?.account ?? '', `, ${other?.terms} days`, ...(other?.amounts ?? [])]
    const wanted = [
      ...amounts.map((amount, i) => [String(i + 1), booked(i + 1, [amount, account])] as const),
      ['statement', stated(account, terms, amounts.length)] as const,
    ]
    for (const [name, text] of wanted) {
      const path = outFile(id, name)
      const is = after.files[path]
      const were = changes.filter(({ key }) => key === path).map((change) => change.text ?? '')
      const problem = problemOf([...were, is ?? ''], is, text, others)
      if (problem !== undefined) found.push(problem)
    }
  }
  return found
}

function stepsOf(user: string, count: number): Step[] {
  const numbers = Array.from({ length: count }, (_, i) => i + 1)
  return [
    ...numbers.map((n) =>
      writing(
        `book-${n}`,
        [`amount-${n}`, 'account'],
        outFile(user, String(n)),
        `Invoice ${n}: [[fact:amount-${n}={amount-${n}}]] on account [[fact:account={account}]].\n`,
      ),
    ),
    writing('state', FACTS, outFile(user, 'statement'), stated('{account}', '{terms}', count)),
  ]
}

/** A different value for each user. */
function two(draw: Draw, of: () => string): [string, string] {
  const one = of()
  let other = of()
  while (other === one) other = of()
  return draw.next() < 0.5 ? [one, other] : [other, one]
}

export default scenario({
  claim:
    "Of two users whose facts go by the same names each has its own used, and never the other's.",
  source:
    'Cross-user contamination in shared-state agents; distractors of recall (RULER multi-key)',
  good: "shows each user's agent its own files alone, or keeps its user's facts where a search need not find them",
  bad: "lets all agents search one workspace, and takes the first hit of a name for its own user's",
  own: ['misattributed'],
  isPortable: true,
  params: {
    invoices: { default: 2, min: 1, max: 20, simplest: 1, about: 'invoices of each user' },
    distance: {
      default: 1200,
      min: 100,
      max: 100_000,
      simplest: 100,
      about: 'tokens that each user has to be read for',
    },
    window: windowOf(32_000),
  },
  draw(draw, { invoices, distance, window }) {
    const pair = twoPeople(draw)
    const accounts = two(draw, () => `${draw.int(1000, 9999)}-${draw.word(2)}`)
    const terms = two(draw, () => String(draw.int(11, 90)))
    const amounts = Array.from({ length: invoices }, () =>
      two(draw, () => String(draw.int(1001, 9999))),
    )
    const files: Record<string, string> = {}
    const places = new Map<string, string[]>(pair.map((user) => [user, []]))
    for (const [i, values] of amounts.entries())
      for (const [u, user] of pair.entries()) {
        const half = distance / invoices / 2
        const name = `amount-${i + 1}`
        files[inFile(user, i + 1)] =
          `${prose(draw, half)}\n\nInvoice ${i + 1}: ${atom('fact', name, values[u])}\n\n${prose(draw, half)}\n`
        places.get(user)?.push(atom('place', name, inFile(user, i + 1)))
      }
    const names = amounts.map((_, i) => `amount-${i + 1}`)
    const programs = pair.map(
      (user): Program => ({
        name: `state-${user}`,
        facts: {
          account: { origin: 'user' },
          terms: { origin: 'user' },
          ...Object.fromEntries(names.map((name) => [name, { origin: 'stable' as const }])),
        },
        steps: stepsOf(user, invoices),
        answer: 'All is booked and stated.',
      }),
    )
    const forgetful = draw.of(pair)
    // Thought of once for each booking before.
    const thought = `state-${forgetful}/know-account/${invoices + 1}`
    const both = ([one, other]: readonly [string, string]) => [{ value: one }, { value: other }]
    return {
      world: { files },
      reactions: [],
      users: pair.map((user, u) => ({
        id: user,
        jobs: [
          {
            id: `state-${user}`,
            prompt: [
              `${atom('task', `state-${user}`, `state-${user}`)} ${sentence(draw)} Please book my invoices on my account ${atom('fact', 'account', accounts[u])}; my terms are ${atom('fact', 'terms', terms[u])} days.`,
              `One booking for each in ${outFile(user, '*')}, and then a statement of my account, my terms and how many there are. Mine are here: ${places.get(user)?.join(' ')}`,
            ].join('\n'),
            arrivesMs: 0,
          },
        ],
      })),
      programs,
      hazards: [
        { id: `${thought}/forgets`, value: true },
        { id: `${thought}/misses`, value: 'search' },
      ],
      truths: {
        account: { origin: 'user', values: both(accounts) },
        terms: { origin: 'user', values: both(terms) },
        ...Object.fromEntries(
          names.map((name, i) => [
            name,
            { origin: 'stable' as const, values: both(amounts[i] ?? ['', '']) },
          ]),
        ),
      },
      windowTokens: window,
    }
  },
  check,
})
