// Tapes as files: YAML that a person can read and edit, checked against the run that they belong to.
import { stringify } from 'yaml'
import { instanceOf, paramsOf } from '../scenarios/scenario.ts'
import { UsageError } from '../sim/core/assert.ts'
import { atomsIn } from '../sim/core/atoms.ts'
import type { Decision } from '../sim/core/chance.ts'
import { fromData, type Tape, toData } from '../sim/core/tape.ts'
import { nearest, orderScope } from '../sim/cpu/index.ts'
import type { Host } from '../sim/host/index.ts'
import type { Instance } from '../sim/index.ts'
import type { House } from './house.ts'
import { parseRunId, type RunSpec } from './run-id.ts'
import { readYaml } from './user-yaml.ts'

/** @throws {UsageError} where the file is missing, no YAML or no tape. */
export function readTape(host: Host, path: string): Tape {
  const tape = fromData(readYaml(host, path), path)
  try {
    parseRunId(tape.run)
  } catch (thrown) {
    throw thrown instanceof UsageError ? new UsageError(`${path}: run: ${thrown.message}`) : thrown
  }
  return tape
}

export function tapeText(run: string, decisions: readonly Decision[]): string {
  return stringify(toData(run, decisions), { lineWidth: 0 })
}

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

export async function instanceFor(spec: RunSpec, house: House): Promise<Instance> {
  const scenario = await house.scenario(spec.scenario)
  const params = paramsOf(spec.scenario, scenario, spec.params)
  const key = `${spec.seed}|${spec.scenario}|${spec.instance}`
  return instanceOf(spec.scenario, scenario, params, key)
}

/** @throws {UsageError} for the first decision whose job, step, site or value cannot be. */
export async function checkTape(
  { run, decisions }: Tape,
  where: string,
  house: House,
): Promise<void> {
  const spec = parseRunId(run)
  const instance = await instanceFor(spec, house)
  const orders = ordersOf(instance)
  const users = instance.users.flatMap((user) => user.jobs.map(({ id }) => id))
  const jobs = [...users, ...orders.map((order) => order.slice(0, order.indexOf('/')))]
  const steps = instance.programs.flatMap((program) => program.steps.map(({ id }) => id))
  const behaviours = [...house.behaviours.keys()]
  for (const [id, value] of decisions) {
    const bad = (what: string): never => {
      throw new UsageError(`${where}: decisions.${id}: ${what}`)
    }
    const [scope = '', step = '', third = '', ...rest] = id.split('/')
    const operation = OPERATIONS.find((op) => step.startsWith(`${op}#`))
    const job = (scope.split('+').at(-1) ?? '').split('~')[0] ?? ''
    const scopes = [...jobs, 'kernel', 'provider', ...instance.users.map((user) => user.id)]
    if (!(operation === undefined ? jobs : scopes).includes(job))
      bad(`no job '${job}' in this run. Nearest: ${nearest(job, jobs)}`)
    if (operation !== undefined) {
      const problem = eventProblem([third, ...rest], value, [...house.faults.keys()])
      if (problem !== undefined) bad(problem)
      continue
    }
    if (step.startsWith('order-') && !steps.includes(step)) {
      const problem = orderProblem(id, value, orders)
      if (problem !== undefined) bad(problem)
      continue
    }
    const [name = '', number] = step.split('#')
    if (number !== undefined) bad(`no operation '${name}'. Nearest: ${nearest(name, OPERATIONS)}`)
    if (!steps.includes(step) && !OWN_STEP.test(step))
      bad(`no step '${step}' in this task. Nearest: ${nearest(step, steps)}`)
    if (!/^\d+$/.test(third)) bad(`expected an occurrence, a number from 1, got '${third}'`)
    const site = rest[0] ?? ''
    if (rest.length > 1) {
      if (!behaviours.includes(site))
        bad(`no behaviour '${site}'. Nearest: ${nearest(site, behaviours)}`)
      const wanted = LAPSE_DETAILS.find(([form]) => form.test(rest[1] ?? ''))?.[1]
      if (wanted !== undefined && typeof value !== wanted)
        bad(`expected a ${wanted}, got ${JSON.stringify(value)}`)
      continue
    }
    const known = STEP_SITES.find(([form]) => form.test(site))
    if (known === undefined)
      return bad(
        `no site '${site}'. Sites: lapse, forgets, takes-older, misses, chooses, same, otherwise, slow`,
      )
    if (typeof value !== known[1]) bad(`expected a ${known[1]}, got ${JSON.stringify(value)}`)
    if (/^(lapse|words)$/.test(site) && value !== 'none' && !behaviours.includes(String(value)))
      bad(`no behaviour '${value}'. Nearest: ${nearest(String(value), behaviours)}`)
  }
}

/** The orders of an instance, as their decisions name them: `job/order-name`. */
const ordersOf = (instance: Instance): string[] =>
  atomsIn(JSON.stringify(instance))
    .filter(({ kind, name }) => kind === 'order' && instance.programs.some((p) => p.name === name))
    .map(({ name, value }) => orderScope(name, value))

/** What is wrong with a decision about an order, if anything is. */
function orderProblem(
  id: string,
  value: Decision['value'],
  orders: readonly string[],
): string | undefined {
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
  value: Decision['value'],
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
