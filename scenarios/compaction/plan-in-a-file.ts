// What is to be done stands in PLAN.md, and so does what is done: the model ticks it there. Most of it are
// payments, which must not be made twice. A window that lost its place is set right by reading the plan again;
// a step that was not ticked yet may be done again.
import { atom, type Fact, type Program, type Step, type Truth } from '../../sim/index.ts'
import { sentence } from '../../sim/world/prose.ts'
import { damage } from '../materials/deeds.ts'
import { paid } from '../materials/paid.ts'
import { oneJob, paying, reading, windowOf, writing } from '../materials/steps.ts'
import { amid, closing, MOVING, names, OPENING, origins, told } from '../materials/stretch.ts'
import { flawsOf, written } from '../materials/written.ts'
import { type Judged, scenario, type Violation } from '../scenario.ts'

const PLAN = 'PLAN.md'
/** Whoever searches for the plan finds it. */
const HEAD = `# The plan, ${atom('place', 'plan', PLAN)}\n`

/** Every third is a letter, the others are payments. */
const isLetter = (n: number): boolean => n % 3 === 2

const doing = (n: number): Step => {
  const needs = [`step-${n}`, `payee-${n}`, `amount-${n}`]
  if (!isLetter(n))
    return paying(`do-${n}`, needs, {
      payee: `{payee-${n}}`,
      amount: `{amount-${n}}`,
      reference: `{step-${n}}`,
    })
  const about = `${told(`payee-${n}`)}: {step-${n}} comes to ${told(`amount-${n}`)}`
  const text = `To ${about}, account ${told('account')}, ${told('label', 'choice')}.\n`
  return writing(`do-${n}`, [...needs, 'account', 'label'], `out/letter-${n}.md`, text)
}

/** What is done says so to a reader who knows nothing else. */
const ticked = (job: string, n: number): string => atom('done', `${job}/do-${n}`)

const ticking = (from: number, to: number): Step => {
  const edits: string[] = []
  for (let n = from; n <= to; n++)
    edits.push(`-e 's|^- ... ${n}:|- [x] ${n}: ${ticked('{job}', n)}|'`)
  const command = `sed -i ${edits.join(' ')} ${PLAN}`
  const call = { op: 'shell.run', args: { command } }
  return { id: `tick-${to}`, needs: [], call, effect: 'idempotent' }
}

function steps(count: number, every: number): Step[] {
  const all = Array.from({ length: count }, (_, i) => i + 1)
  const work: Step[] = []
  for (const [i, n] of all.entries()) {
    work.push(doing(n))
    if (n % every === 0 || n === count) work.push(ticking(n - (i % every), n))
  }
  const plan = reading(
    'plan',
    all.map((n) => `step-${n}`),
  )
  return [plan, ...OPENING, ...work, ...closing('sum-up', 'out/summary.md')]
}

function check(judged: Judged): Violation[] {
  const { instance, after } = judged
  const found = flawsOf(written(judged))
  const job = instance.users[0]?.jobs[0]?.id ?? ''
  const plan = after.files[PLAN] ?? ''
  for (let n = 1; instance.truths[`step-${n}`] !== undefined; n++) {
    if (plan.includes(`[x] ${n}: ${ticked(job, n)} `)) continue
    found.push({ name: 'plan-unticked', says: 'leaves a plan that does not say what is done' })
    break
  }
  return [...paid(judged), ...damage(judged, (path) => path === PLAN), ...found]
}

export default scenario({
  claim: 'A plan that stands in a file is carried out to its end, and nothing in it twice.',
  source:
    'Published practice of long-running agents (PLAN.md, todo.md): progress kept in files, not in the window',
  good: 'pins where the plan is, reads it again after each compaction, and has what is done ticked or told in the window',
  bad: 'loses what was done since the last tick and does it again, or loses the way to the plan and stops',
  own: ['paid-twice', 'payment-missing', 'plan-unticked'],
  isPortable: false,
  params: {
    steps: { default: 8, min: 1, max: 24, simplest: 1, about: 'of the plan' },
    every: { default: 2, min: 1, max: 6, simplest: 1, about: 'steps until they are ticked' },
    distance: {
      default: 20_000,
      min: 100,
      max: 200_000,
      simplest: 100,
      about: 'tokens to read in all',
    },
    moving: MOVING,
    window: windowOf(16_000),
  },
  draw(draw, { steps: count, every, distance, moving, window }) {
    const job = `plan-${draw.int(100, 999)}`
    const items = names(draw, count, 100, 999)
    const first = items.length > 1 ? 'out/letter-2.md' : 'out/summary.md'
    const known = origins(draw, first, moving)
    const files: Record<string, string> = {}
    const facts: Record<string, Fact> = {}
    const truths: Record<string, Truth> = {}
    const whereabouts: string[] = []
    let plan = HEAD
    for (const [i, item] of items.entries()) {
      const n = i + 1
      const of = {
        [`step-${n}`]: item,
        [`payee-${n}`]: draw.word(3),
        [`amount-${n}`]: `${draw.int(20, 900)}.00`,
      }
      for (const [name, value] of Object.entries(of)) {
        facts[name] = { origin: 'stable' }
        truths[name] = { origin: 'stable', values: [{ value }] }
      }
      const path = `invoices/${item}.md`
      const lines = [`payee-${n}`, `amount-${n}`].map(
        (name) => `${sentence(draw)} ${atom('fact', name, of[name])}`,
      )
      files[path] = amid(draw, distance / count, lines.join('\n'))
      const places = [`payee-${n}`, `amount-${n}`].map((name) => atom('place', name, path))
      whereabouts.push(atom('place', `step-${n}`, PLAN))
      const what = atom('fact', `step-${n}`, item)
      plan += `- [ ] ${n}: ${isLetter(n) ? 'write about' : 'pay'} ${what} ${places.join(' ')}\n`
    }
    const prompt = [
      `${atom('task', 'carry-out', job)} ${sentence(draw)} Please carry out the plan in ${atom('place', 'plan', PLAN)}, from its first step to its last: pay each invoice once, and write the letters for account ${atom('fact', 'account', known.account)}, under one label of your own.`,
      `Tick in the plan what is done, every ${every} steps. At the end write a summary. Read the rate again just before.`,
      `Where things are: ${[...known.places, ...whereabouts].join(' ')}`,
    ].join('\n')
    const program: Program = {
      name: 'carry-out',
      facts: { ...known.facts, ...facts },
      steps: steps(count, every),
      answer: 'The plan is carried out.',
    }
    return {
      world: { files: { ...known.files, ...files, [PLAN]: plan }, payments: [], hasTerminal: true },
      reactions: known.moves(draw),
      users: oneJob(job, prompt),
      programs: [program],
      hazards: [],
      truths: { ...known.truths, ...truths },
      windowTokens: window,
    }
  },
  check,
})
