// Tapes as files: YAML that a person can read and edit, checked against the run that they belong to.
import { stringify } from 'yaml'
import { instanceOf, paramsOf } from '../scenarios/scenario.ts'
import { UsageError } from '../sim/core/assert.ts'
import type { Decision } from '../sim/core/chance.ts'
import { fromData, type Tape, toData } from '../sim/core/tape.ts'
import { nearest } from '../sim/cpu/index.ts'
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
const EVENT_SITES = ['yield', 'crash', 'landed', 'torn', 'pace', 'rate-limit', 'lost-ack'] as const
const OPERATIONS = ['generate', 'call', 'sleep', 'write', 'timer', 'arrive'] as const

/** Sites of decisions about a planned step, and what values they take. */
const STEP_SITES: readonly (readonly [RegExp, 'boolean' | 'number' | 'string'])[] = [
  [/^lapse$/, 'string'],
  [/^same$/, 'boolean'],
  [/^slow$/, 'number'],
  [/^forgets$/, 'boolean'],
  [/^loses-[a-z0-9./_-]+$/, 'boolean'],
  [/^(misses|chooses)$/, 'string'],
  [/^invents$/, 'number'],
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
  const jobs = instance.users.flatMap((user) => user.jobs.map(({ id }) => id))
  const steps = instance.programs.flatMap((program) => program.steps.map(({ id }) => id))
  const behaviours = [...house.behaviours.keys()]
  for (const [id, value] of decisions) {
    const bad = (what: string): never => {
      throw new UsageError(`${where}: decisions.${id}: ${what}`)
    }
    const [scope = '', step = '', third = '', ...rest] = id.split('/')
    const operation = OPERATIONS.find((op) => step.startsWith(`${op}#`))
    const job = (scope.split('+').at(-1) ?? '').split('~')[0] ?? ''
    const scopes = [...jobs, 'kernel', ...instance.users.map((user) => user.id)]
    if (!(operation === undefined ? jobs : scopes).includes(job))
      bad(`no job '${job}' in this run. Nearest: ${nearest(job, jobs)}`)
    if (operation !== undefined) {
      const sites = [...EVENT_SITES, ...house.faults.keys()]
      if (!sites.includes(third))
        bad(`no site '${third}' of an event. Nearest: ${nearest(third, sites)}`)
      const wanted = third === 'pace' ? 'number' : 'boolean'
      if (typeof value !== wanted) bad(`expected a ${wanted}, got ${JSON.stringify(value)}`)
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
      continue
    }
    const known = STEP_SITES.find(([form]) => form.test(site))
    if (known === undefined)
      return bad(`no site '${site}'. Sites: lapse, forgets, misses, chooses, same, slow`)
    if (typeof value !== known[1]) bad(`expected a ${known[1]}, got ${JSON.stringify(value)}`)
    if (site === 'lapse' && value !== 'none' && !behaviours.includes(String(value)))
      bad(`no behaviour '${value}'. Nearest: ${nearest(String(value), behaviours)}`)
  }
}
