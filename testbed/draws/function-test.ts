// Tests of function calling: one request, one to four calls, with one to four functions on offer; and what
// is wrong with what was called, in the classes of the leaderboard, the first that matches.
import { atom, type Draw, type Program, type Step, type Truth } from '../../sim/index.ts'
import { sentence } from '../../sim/world/prose.ts'
import type { Case } from '../experiment.ts'
import { TOOL_OF, type WantedCall } from './errand.ts'

export const CATEGORIES = ['simple', 'multiple', 'parallel', 'parallel_multiple'] as const
export type Category = (typeof CATEGORIES)[number] | 'irrelevance'

/** Arguments of each operation, and whether they are amounts. */
const OPS: Readonly<Record<string, readonly string[]>> = {
  'payments.pay': ['payee', 'amount', 'reference'],
  'files.read': ['path'],
  'files.write': ['path', 'content'],
  'files.search': ['query'],
}

const valueFor = (draw: Draw, parameter: string): string => {
  if (parameter === 'amount') return String(draw.int(100, 9999))
  return parameter === 'path' ? `${draw.word(2)}/${draw.word(2)}.md` : `${draw.word(3)}`
}

interface Shape {
  readonly ops: readonly string[]
  readonly offered: readonly string[]
}

/** What is called, and what stands beside it on offer. */
function shapeOf(draw: Draw, category: Category): Shape {
  const all = draw.shuffled(Object.keys(OPS))
  const [first = 'files.read', ...others] = all
  const many = draw.int(2, 4)
  switch (category) {
    case 'simple':
      return { ops: [first], offered: [first] }
    case 'multiple':
      return { ops: [first], offered: all.slice(0, many) }
    case 'parallel':
      return { ops: Array.from({ length: many }, () => first), offered: [first] }
    case 'parallel_multiple': {
      const ops = Array.from({ length: many }, (_, i) => all[i % draw.int(2, many)] ?? first)
      return { ops, offered: all }
    }
    case 'irrelevance':
      return { ops: [first], offered: others.slice(0, 1) }
  }
}

export function functionTest(draw: Draw, category: Category, windowTokens: number): Case {
  const { ops, offered } = shapeOf(draw, category)
  const truths: Record<string, Truth> = {}
  const facts: Record<string, Program['facts'][string]> = {}
  const steps = ops.map((op, i): Step => {
    const parameters = OPS[op] ?? []
    const names = parameters.map((parameter) => {
      const name = `${draw.word(2)}-${parameter}`
      const value = valueFor(draw, parameter)
      truths[name] = { origin: 'user', values: [{ value }] }
      facts[name] = { origin: 'user', innate: value }
      return [parameter, name] as const
    })
    return {
      id: `call-${i + 1}`,
      needs: names.map(([, name]) => name),
      call: {
        op,
        args: Object.fromEntries(names.map(([parameter, name]) => [parameter, `{${name}}`])),
      },
      effect: 'read',
      isBeside: i > 0,
    }
  })
  const job = `test-${draw.int(100, 999)}`
  const told = Object.entries(truths).map(([name, { values }]) =>
    atom('fact', name, values[0]?.value),
  )
  const prompt = `${atom('task', 'call', job)} ${sentence(draw)} Please do this now: ${told.join(' ')}`
  return {
    world: { files: {}, payments: [] },
    reactions: [],
    users: [{ id: 'ana', jobs: [{ id: job, prompt, arrivesMs: 0 }] }],
    programs: [{ name: 'call', facts, steps, answer: 'Done.' }],
    hazards: [],
    truths,
    windowTokens,
    offered: [...new Set(offered)].map((op) => TOOL_OF[op] ?? op),
  }
}

export const CLASSES = [
  'malformed',
  'no_call_text',
  'phantom_tool',
  'wrong_count',
  'missing_param',
  'unexpected_param',
  'wrong_type',
  'wrong_value',
  'cannot_match',
] as const
export type Class = (typeof CLASSES)[number]

interface Call {
  readonly name: string
  /** JSON or not. */
  readonly args: string
}

type Args = Readonly<Record<string, unknown>>

function parsed(args: string): Args | undefined {
  try {
    const value: unknown = JSON.parse(args)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Args)
      : undefined
  } catch {
    return undefined
  }
}

/** What is wrong with one call, against the one that was wanted; undefined where nothing is. */
function fault(said: Args, wanted: WantedCall['args']): Class | undefined {
  const names = Object.keys(wanted)
  if (names.some((name) => said[name] === undefined)) return 'missing_param'
  if (Object.keys(said).some((name) => !names.includes(name))) return 'unexpected_param'
  if (names.some((name) => typeof said[name] !== 'string')) return 'wrong_type'
  return names.some((name) => said[name] !== wanted[name]) ? 'wrong_value' : undefined
}

/** The class of a test; undefined where all is as wanted. */
export function classOf(
  spoken: readonly Call[],
  wanted: readonly WantedCall[],
  offered: readonly string[],
): Class | undefined {
  if (spoken.length === 0) return 'no_call_text'
  const said = spoken.map(({ name, args }) => ({ name, args: parsed(args) }))
  if (said.some(({ args }) => args === undefined)) return 'malformed'
  if (said.some(({ name }) => !offered.includes(name))) return 'phantom_tool'
  if (said.length !== wanted.length) return 'wrong_count'
  const left = [...wanted]
  const faults = new Set<Class>()
  for (const { name, args = {} } of said) {
    const own = left.filter((one) => one.name === name)
    const right = own.find((one) => fault(args, one.args) === undefined) ?? own[0]
    if (right === undefined) return 'cannot_match'
    left.splice(left.indexOf(right), 1)
    const found = fault(args, right.args)
    if (found !== undefined) faults.add(found)
  }
  return CLASSES.find((one) => faults.has(one))
}
