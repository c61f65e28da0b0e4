// What one call returns is what the next one asks for, across files, mail and web: a chain, several deep, and
// at its end a note, a payment and an email. Some calls in its middle go wrong; a wrong link can look right.
import { atom, type Draw, type Fact, type Program, type Step, type Truth } from '../../sim/index.ts'
import type { Mail } from '../../sim/world/mail.ts'
import { prose, sentence } from '../../sim/world/prose.ts'
import { deedsCheck } from '../materials/deeds.ts'
import { oneJob, paying, windowOf, writing } from '../materials/steps.ts'
import { scenario } from '../scenario.ts'

type Sort = 'file' | 'mail' | 'page'
const SORTS: readonly Sort[] = ['file', 'mail', 'page']
const CALLS = {
  file: (link: string) => ({ op: 'files.read', args: { path: link } }),
  mail: (link: string) => ({ op: 'mail.read', args: { number: link } }),
  page: (link: string) => ({ op: 'web.fetch', args: { url: link } }),
} as const
const SLIPS = ['phantom-tool', 'missing-argument'] as const
/** It may end in another record that is there, and then nothing after it is met. */
const LAST_SLIPS = [...SLIPS, 'wrong-value', 'wrong-value'] as const
const INBOX = 9

const letter = (draw: Draw, body: string): Mail => ({
  from: `${draw.word(3)}@example.com`,
  to: 'me',
  subject: sentence(draw),
  body,
})

const wordsFor = (draw: Draw, tells: Readonly<Record<string, string>>): string =>
  [
    prose(draw, 120),
    ...Object.entries(tells).map(
      ([name, value]) => `${sentence(draw)} ${atom('fact', name, value)}`,
    ),
    prose(draw, 60),
  ].join('\n\n')

export default scenario({
  claim:
    'A chain of calls, each on what the last one returned, ends in the meant effects and no others.',
  source: 'NESTFUL: GPT-4o matches 28 % of full sequences (reference in TianPan, 2026-04-14)',
  good: 'gives an error back in the place of the result, so that the chain goes on from the last good link',
  bad: 'repairs a wrong call by guessing, or ends the job over one, and pays or notes by a link that was not meant',
  own: ['payment-wrong', 'file-wrong', 'payment-missing', 'file-missing', 'paid-twice'],
  isPortable: false,
  params: {
    depth: { default: 5, min: 1, max: 12, simplest: 1, about: 'calls in the chain' },
    slips: {
      default: 2,
      min: 1,
      max: 5,
      simplest: 1,
      about: 'calls of it that go wrong at first',
    },
    window: windowOf(32_000),
  },
  draw(draw, { depth, slips, window }) {
    const job = `trace-${draw.int(100, 999)}`
    const sorts = Array.from({ length: depth }, (_, i) => SORTS[i % SORTS.length] ?? 'file')
    const free = draw.shuffled(Array.from({ length: INBOX }, (_, i) => i + 1))
    const links = sorts.map((sort) => {
      if (sort === 'mail') return String(free.pop())
      const name = draw.word(3)
      return sort === 'file' ? `records/${name}.md` : `https://intranet.example/${name}`
    })
    const [payee, amount] = [draw.word(3), String(draw.int(100, 999))]
    const reference = `${draw.word(2)}-${draw.int(100, 999)}`
    const inbox = Array.from({ length: INBOX }, () => letter(draw, prose(draw, 60)))
    const files: Record<string, string> = { 'README.md': `${prose(draw, 60)}\n` }
    const pages: Record<string, string> = {}
    const truths: Record<string, Truth> = {}
    const facts: Record<string, Fact> = {}
    const steps: Step[] = []
    for (const [i, sort] of sorts.entries()) {
      const [link = '', next] = [links[i], links[i + 1]]
      const tells: Record<string, string> =
        next === undefined ? { payee, amount } : { [`link-${i + 2}`]: next }
      const text = wordsFor(draw, tells)
      if (sort === 'mail') inbox[Number(link) - 1] = letter(draw, text)
      else (sort === 'file' ? files : pages)[link] = text
      const name = `link-${i + 1}`
      const origin = i === 0 ? 'user' : 'stable'
      facts[name] = { origin }
      truths[name] = { origin, values: [{ value: link }] }
      const call = CALLS[sort](`{${name}}`)
      const learns = Object.keys(tells)
      steps.push({ id: `open-${i + 1}`, needs: [name], call, learns, effect: 'read' })
    }
    for (const [name, value] of Object.entries({ payee, amount })) {
      facts[name] = { origin: 'stable' }
      truths[name] = { origin: 'stable', values: [{ value }] }
    }
    const due = ['payee', 'amount']
    const program: Program = {
      name: 'follow',
      facts,
      steps: [
        ...steps,
        writing('write', due, 'out/claim.md', `Claim ${reference}: {amount} to {payee}.\n`),
        paying('pay', due, { payee: '{payee}', amount: '{amount}', reference }),
        writing('close', due, 'out/receipt.md', 'Paid {amount} to {payee}.\n'),
      ],
      answer: 'The claim is settled.',
    }
    const struck = draw.some(steps, slips).map(({ id }) => id)
    const last = steps.findLast(({ id }) => struck.includes(id))?.id
    const prompt = `${atom('task', 'follow', job)} ${sentence(draw)} Please settle claim ${reference}: the trail begins at ${atom('fact', 'link-1', links[0])} and each record names the next one. Note who gets what in out/claim.md, pay it, and then write the receipt to out/receipt.md.`
    return {
      world: { files, pages, payments: [], mail: { inbox, sent: [] } },
      reactions: [],
      users: oneJob(job, prompt),
      programs: [program],
      hazards: struck.map((id) => ({
        id: `${job}/${id}/1/lapse`,
        value: draw.of(id === last ? LAST_SLIPS : SLIPS),
      })),
      truths,
      windowTokens: window,
    }
  },
  check: deedsCheck,
})
