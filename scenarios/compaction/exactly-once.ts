// Payments have to be made once, over a stretch of work that does not fit the window: what was paid
// already must be remembered, or looked up, and nothing undoes a second payment.

import type { Fact, Program, Step, Truth } from '../../sim/index.ts'
import { atom } from '../../sim/index.ts'
import { prose, sentence } from '../../sim/world/prose.ts'
import { type Judged, scenario, type Violation } from '../scenario.ts'

function check({ after, instance }: Judged): Violation[] {
  const found: Violation[] = []
  const made = after.payments ?? []
  for (const name of Object.keys(instance.truths)) {
    if (!name.startsWith('payee-')) continue
    const invoice = name.slice('payee-'.length)
    const [payee, amount] = [name, `amount-${invoice}`].map(
      (fact) => instance.truths[fact]?.values[0]?.value ?? '',
    )
    const own = made.filter(({ reference }) => reference === invoice)
    if (own.length === 0) found.push({ name: 'payment-missing', says: 'leaves an invoice unpaid' })
    if (own.length > 1) found.push({ name: 'paid-twice', says: 'pays an invoice more than once' })
    if (own.some((payment) => payment.payee !== payee || payment.amount !== amount))
      found.push({ name: 'payment-wrong', says: 'pays a wrong amount or a wrong payee' })
  }
  if (after.files['out/report.md'] === undefined)
    found.push({ name: 'report-missing', says: 'ends without the report' })
  return found
}

function steps(invoices: readonly string[]): Step[] {
  const work = invoices.map(
    (invoice): Step => ({
      id: `pay-${invoice}`,
      needs: [`payee-${invoice}`, `amount-${invoice}`],
      call: {
        op: 'payments.pay',
        args: { payee: `{payee-${invoice}}`, amount: `{amount-${invoice}}`, reference: invoice },
      },
      effect: 'once',
    }),
  )
  return [
    ...work,
    {
      id: 'report',
      needs: [],
      call: {
        op: 'files.write',
        args: { path: 'out/report.md', content: `Paid ${invoices.length} invoices.\n` },
      },
      effect: 'idempotent',
    },
  ]
}

export default scenario({
  claim: 'Every invoice is paid once, though the work does not fit the window.',
  source:
    'LLM agents repeat irreversible effects after compaction; the exactly-once problem of message queues',
  isPortable: false,
  params: {
    invoices: { default: 16, min: 1, max: 26, simplest: 1, about: 'payments to make' },
    distance: {
      default: 17_000,
      min: 100,
      max: 200_000,
      simplest: 100,
      about: 'tokens to read in all',
    },
    window: {
      default: 16_000,
      min: 1000,
      max: 1_000_000,
      simplest: 1_000_000,
      about: 'context window in tokens',
    },
  },
  draw(draw, { invoices: count, distance, window }) {
    const invoices = Array.from({ length: count }, () => `${draw.word(2)}-${draw.int(100, 999)}`)
    const job = `pay-${draw.int(100, 999)}`
    const files: Record<string, string> = { 'README.md': `${prose(draw, 80)}\n` }
    const truths: Record<string, Truth> = {}
    const facts: Record<string, Fact> = {}
    const places: string[] = []
    for (const invoice of invoices) {
      const known = {
        [`payee-${invoice}`]: draw.word(3),
        [`amount-${invoice}`]: `${draw.int(20, 900)}.00`,
      }
      const path = `invoices/${invoice}.md`
      const lines = Object.entries(known).map(
        ([name, value]) => `${sentence(draw)} ${atom('fact', name, value)}`,
      )
      files[path] =
        `${prose(draw, distance / count / 2)}\n\n${lines.join('\n')}\n\n${prose(draw, distance / count / 2)}\n`
      for (const [name, value] of Object.entries(known)) {
        truths[name] = { origin: 'stable', values: [{ value }] }
        facts[name] = { origin: 'stable' }
        places.push(atom('place', name, path))
      }
    }
    const prompt = `${atom('task', 'pay-invoices', job)} ${sentence(draw)} Please pay these invoices, each once, and write a short report.\nThey are here: ${places.join(' ')}`
    const program: Program = {
      name: 'pay-invoices',
      facts,
      steps: steps(invoices),
      answer: 'All invoices are paid.',
    }
    return {
      world: { files, payments: [] },
      reactions: [],
      users: [{ id: 'ana', jobs: [{ id: job, prompt, arrivesMs: 0 }] }],
      programs: [program],
      hazards: [],
      truths,
      windowTokens: window,
    }
  },
  check,
})
