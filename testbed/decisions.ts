// Decisions as a tape names them, `job/step/occurrence/site` or `session/operation#n/site`: whether a run of this
// instance can come upon them at all.
import { atomsIn } from '../sim/core/atoms.ts'
import type { Decision } from '../sim/core/chance.ts'
import { nearest, orderScope } from '../sim/cpu/index.ts'
import type { Instance } from '../sim/index.ts'

/** Sites of decisions about an event of the machine: `session/operation#n/site`. */
const EVENT_SITES = ['yield', 'crash', 'landed', 'torn', 'pace'] as const
const OPERATIONS = [
  'generate',
  'call',
  'sleep',
  'write',
  'timer',
  'confirm',
  'arrive',
  'outage',
] as const

/** Details of a fault, `session/operation#n/fault/detail`: numbers from 0, up to these. */
const FAULT_DETAILS: Readonly<Record<string, number>> = { share: 1, ms: 1e12, start: 1e12 }

/** Sites of decisions about a planned step, and what values they take. */
const STEP_SITES: readonly (readonly [RegExp, 'boolean' | 'number' | 'string'])[] = [
  [/^(lapse|words)$/, 'string'],
  [/^(same|otherwise)$/, 'boolean'],
  [/^slow$/, 'number'],
  [/^(forgets|takes-older)$/, 'boolean'],
  [/^loses-[a-z0-9./_-]+$/, 'boolean'],
  [/^(misses|chooses)$/, 'string'],
  [/^invents$/, 'number'],
]

/** Details of a lapse: `job/step/occurrence/behaviour/detail`. */
const LAPSE_DETAILS: readonly (readonly [RegExp, 'boolean' | 'number' | 'string'])[] = [
  [/^(shape|form|call|argument|fact|tool|value|steps|way|words|name(-\d)?)$/, 'string'],
  [/^(same-name|primed-name|answer)$/, 'boolean'],
  [/^(share|value-.+)$/, 'number'],
]

/** Steps that the model takes without a program's asking. */
const OWN_STEP = /^(get|find|know|choose)-|^(answer|none|summary)$/

/** What there is of the kinds that decisions name. */
export interface Entries {
  readonly behaviours: ReadonlyMap<string, unknown>
  readonly faults: ReadonlyMap<string, unknown>
}

type Value = Decision['value']

/** Tells of a decision why it cannot be; nothing where it can. */
export function decisionsOf(
  instance: Instance,
  { behaviours: known, faults }: Entries,
): (id: string, value: Value) => string | undefined {
  // Orders stand anywhere in a world: they are looked for where nothing else will do.
  let found: string[] | undefined
  const orders = (): string[] => {
    found ??= ordersOf(instance)
    return found
  }
  const users = instance.users.flatMap((user) => user.jobs.map(({ id }) => id))
  const ordering = (): string[] => orders().map((order) => order.slice(0, order.indexOf('/')))
  const others = ['kernel', 'provider', ...instance.users.map((user) => user.id)]
  const steps = instance.programs.flatMap((program) => program.steps.map(({ id }) => id))
  const behaviours = [...known.keys()]
  return (id, value) => {
    const [scope = '', step = '', third = '', ...rest] = id.split('/')
    const operation = OPERATIONS.find((op) => step.startsWith(`${op}#`))
    const job = (scope.split('+').at(-1) ?? '').split('~')[0] ?? ''
    const isKnown = users.includes(job) || (operation !== undefined && others.includes(job))
    if (!isKnown && !ordering().includes(job))
      return `no job '${job}' in this run. Nearest: ${nearest(job, [...users, ...ordering()])}`
    if (operation !== undefined) return eventProblem([third, ...rest], value, [...faults.keys()])
    if (step.startsWith('order-') && !steps.includes(step)) return orderProblem(id, value, orders())
    const [name = '', number] = step.split('#')
    if (number !== undefined) return `no operation '${name}'. Nearest: ${nearest(name, OPERATIONS)}`
    if (!steps.includes(step) && !OWN_STEP.test(step))
      return `no step '${step}' in this task. Nearest: ${nearest(step, steps)}`
    if (!/^\d+$/.test(third)) return `expected an occurrence, a number from 1, got '${third}'`
    return stepProblem(rest, value, behaviours)
  }
}

/** What is wrong with a decision about a planned step, if anything is. */
function stepProblem(
  [site = '', ...details]: readonly string[],
  value: Value,
  behaviours: readonly string[],
): string | undefined {
  const [detail = ''] = details
  if (details.length > 0) {
    if (!behaviours.includes(site))
      return `no behaviour '${site}'. Nearest: ${nearest(site, behaviours)}`
    const wanted = LAPSE_DETAILS.find(([form]) => form.test(detail))?.[1]
    return wanted === undefined || typeof value === wanted
      ? undefined
      : `expected a ${wanted}, got ${JSON.stringify(value)}`
  }
  const known = STEP_SITES.find(([form]) => form.test(site))
  if (known === undefined)
    return `no site '${site}'. Sites: lapse, forgets, takes-older, misses, chooses, same, otherwise, slow`
  if (typeof value !== known[1]) return `expected a ${known[1]}, got ${JSON.stringify(value)}`
  if (/^(lapse|words)$/.test(site) && value !== 'none' && !behaviours.includes(String(value)))
    return `no behaviour '${value}'. Nearest: ${nearest(String(value), behaviours)}`
  return undefined
}

/** The orders of an instance, as their decisions name them: `job/order-name`. */
const ordersOf = (instance: Instance): string[] =>
  atomsIn(JSON.stringify(instance))
    .filter(({ kind, name }) => kind === 'order' && instance.programs.some((p) => p.name === name))
    .map(({ name, value }) => orderScope(name, value))

/** What is wrong with a decision about an order, if anything is. */
function orderProblem(id: string, value: Value, orders: readonly string[]): string | undefined {
  const [job, order, one, site = '', ...more] = id.split('/')
  const scope = `${job}/${order}`
  if (!orders.includes(scope))
    return `no order '${scope}' in this run. Nearest: ${nearest(scope, orders) ?? 'none'}`
  if (one !== '1') return `an order is drawn once: expected 1, got '${one}'`
  if (!/^(obeys|ignores)$/.test(site) || more.length > 0)
    return `no site '${[site, ...more].join('/')}' of an order. Sites: obeys, ignores`
  return typeof value === 'boolean' ? undefined : `expected a boolean, got ${JSON.stringify(value)}`
}

/** What is wrong with a decision about an event of the machine, if anything is. */
function eventProblem(
  [site = '', detail, ...more]: readonly string[],
  value: Value,
  faults: readonly string[],
): string | undefined {
  const sites = [...EVENT_SITES, ...faults]
  if (!sites.includes(site))
    return `no site '${site}' of an event. Nearest: ${nearest(site, sites)}`
  const expected = (what: string): string => `expected ${what}, got ${JSON.stringify(value)}`
  if (detail !== undefined) {
    const most = more.length > 0 || !faults.includes(site) ? undefined : FAULT_DETAILS[detail]
    const details = Object.keys(FAULT_DETAILS).join(', ')
    if (most === undefined) return `no detail '${[detail, ...more].join('/')}'. Details: ${details}`
    const isPossible = typeof value === 'number' && value >= 0 && value <= most
    return isPossible ? undefined : expected(`a number in [0, ${most}]`)
  }
  if (site !== 'pace') return typeof value === 'boolean' ? undefined : expected('a boolean')
  return typeof value === 'number' && value >= 0 ? undefined : expected('a number from 0')
}
