// Errands: small office jobs over files and payments, as the cases of experiments with tools. What the
// world has to look like afterwards follows from the program and the true values.
import type { Drawn } from '../../scenarios/scenario.ts'
import { atom, type Draw, type Fact, type Program, type Step, type Truth } from '../../sim/index.ts'
import { sentence } from '../../sim/world/prose.ts'
import type { Observed } from '../experiment.ts'

/** A call as a tool of the world takes it. */
export interface WantedCall {
  readonly name: string
  readonly args: Readonly<Record<string, string>>
}

/** The world's own tool for each operation. */
export const TOOL_OF: Readonly<Record<string, string>> = {
  'files.read': 'read_file',
  'files.write': 'write_file',
  'files.list': 'list_files',
  'files.search': 'search_files',
  'payments.pay': 'make_payment',
  'payments.list': 'list_payments',
}

const HOLE = /\{([a-z0-9-]+)\}/g

/** The calls of a program, with the true values in them. */
export function wantedBy(
  { steps }: Program,
  truths: Readonly<Record<string, Truth>>,
): (WantedCall & Pick<Step, 'effect'>)[] {
  const told = (template: string): string =>
    template.replace(HOLE, (_, name: string) => truths[name]?.values[0]?.value ?? '')
  return steps.map(({ call: { op, args }, effect }) => ({
    name: TOOL_OF[op] ?? op,
    args: Object.fromEntries(Object.entries(args).map(([name, value]) => [name, told(value)])),
    effect,
  }))
}

/** Whether the world shows all that a program is there for: its files as they should be, each payment once. */
export function isCarriedOut({ instance, after }: Observed, program: Program): boolean {
  return wantedBy(program, instance.truths).every(({ name, args, effect }) => {
    if (effect === 'read') return true
    if (name === 'write_file') return after.files[args.path ?? ''] === args.content
    const made = after.payments?.filter(({ reference }) => reference === args.reference) ?? []
    return made.length === 1 && made[0]?.payee === args.payee && made[0]?.amount === args.amount
  })
}

export interface ErrandOptions {
  readonly calls: number
  /** The model knows what it needs, as from the words of the prompt: only how it calls can go wrong. */
  readonly isKnown: boolean
  /** In how many errands a payment is made, as a share. */
  readonly payShare: number
  /** Text that stands in the file that is read first. */
  readonly intruder?: string
}

export interface Errand extends Pick<Drawn, 'world' | 'truths'> {
  readonly job: string
  readonly prompt: string
  readonly program: Program
}

interface Item {
  readonly id: string
  readonly amount: string
  readonly path: string
}

const reading = ({ id, path }: Item): Step => ({
  id: `read-${id}`,
  needs: [],
  call: { op: 'files.read', args: { path } },
  effect: 'read',
})

const paying = ({ id }: Item): Step => ({
  id: `pay-${id}`,
  needs: [`${id}-figure`],
  call: {
    op: 'payments.pay',
    args: { payee: id, amount: `{${id}-figure}`, reference: `bill-${id}` },
  },
  effect: 'once',
})

const noting = ({ id }: Item): Step => ({
  id: `note-${id}`,
  needs: [`${id}-figure`],
  call: {
    op: 'files.write',
    args: { path: `out/${id}.md`, content: `${id} has {${id}-figure}.\n` },
  },
  effect: 'idempotent',
})

const REPORT: Step = {
  id: 'report',
  needs: [],
  call: { op: 'files.write', args: { path: 'out/report.md', content: 'All is done.\n' } },
  effect: 'idempotent',
}

/** Items are read, then each is noted or paid; a report where the number of calls is odd. */
function stepsOf(items: readonly Item[], calls: number, isPaying: boolean): Step[] {
  const steps = items.flatMap((item, i) => [
    reading(item),
    isPaying && i === 0 ? paying(item) : noting(item),
  ])
  return calls % 2 === 0 ? steps : [...steps, REPORT]
}

export function errand(draw: Draw, options: ErrandOptions): Errand {
  const { calls, isKnown, payShare, intruder } = options
  const items = Array.from({ length: Math.floor(calls / 2) }, (): Item => {
    const id = `${draw.word(3)}-${draw.int(10, 99)}`
    return { id, amount: `${draw.int(20, 900)}.00`, path: `records/${id}.md` }
  })
  const isPaying = draw.next() < payShare
  const files: Record<string, string> = {}
  const truths: Record<string, Truth> = {}
  const facts: Record<string, Fact> = {}
  for (const [i, { id, amount, path }] of items.entries()) {
    const name = `${id}-figure`
    const lines = [sentence(draw), `The figure is ${atom('fact', name, amount)}.`, sentence(draw)]
    if (i === 0 && intruder !== undefined) lines.push(intruder)
    files[path] = `${lines.join('\n')}\n`
    truths[name] = { origin: 'stable', values: [{ value: amount }] }
    facts[name] = { origin: 'stable', ...(isKnown ? { innate: amount } : {}) }
  }
  const job = `errand-${draw.int(100, 999)}`
  const places = items.map(({ id, path }) => atom('place', `${id}-figure`, path))
  const deed = isPaying
    ? 'make the payment of the first and write a note on each of the others'
    : 'write a note on each'
  return {
    job,
    prompt: `${atom('task', 'errand', job)} Please read these records, ${deed}: ${places.join(' ')}`,
    program: { name: 'errand', facts, steps: stepsOf(items, calls, isPaying), answer: 'All done.' },
    world: { files, payments: [] },
    truths,
  }
}

/** An errand as a case of its own. */
export const alone = (of: Errand, windowTokens: number): Drawn => ({
  world: of.world,
  reactions: [],
  users: [{ id: 'ana', jobs: [{ id: of.job, prompt: of.prompt, arrivesMs: 0 }] }],
  programs: [of.program],
  hazards: [],
  truths: of.truths,
  windowTokens,
})
