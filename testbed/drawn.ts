// An instance as a scenario draws it, looked at once: a mistake in a scenario is told by its file, before a run
// goes astray on it.
import { instanceOf, paramsOf, type Scenario } from '../scenarios/scenario.ts'
import { UsageError } from '../sim/core/assert.ts'
import { atomsIn } from '../sim/core/atoms.ts'
import { nearest } from '../sim/cpu/index.ts'
import type { Instance } from '../sim/index.ts'
import { decisionsOf, type Entries } from './decisions.ts'
import { plainly } from './generic.ts'
import type { House } from './house.ts'
import type { RunSpec } from './run-id.ts'
import { tame } from './user-harness.ts'

/** The file of a scenario, as its author knows it. */
export const scenarioFile = (id: string): string => `scenarios/${plainly(id)}.ts`

/** @throws {UsageError} for parameters whose ends or whose default make no sense. */
export function checkParams(id: string, { params }: Scenario): void {
  for (const [name, { min, max, default: usual, simplest }] of Object.entries(params)) {
    const bad = (what: string): never => {
      throw new UsageError(`${scenarioFile(id)}: params.${name}: ${what}`)
    }
    if (!(min <= max)) bad(`min ${min} is more than max ${max}`)
    for (const [what, value] of [['default', usual] as const, ['simplest', simplest] as const])
      if (!(value >= min && value <= max)) bad(`${what} ${value} is not in [${min}, ${max}]`)
  }
}

/** What a run of this order starts from. @throws {UsageError} for what the user, or the scenario, has wrong. */
export async function instanceFor(
  { scenario: id, params, seed, instance }: Omit<RunSpec, 'harness' | 'profile' | 'trial'>,
  house: House,
): Promise<Instance> {
  const scenario = await house.scenario(id)
  const plain = plainly(id)
  const all = paramsOf(plain, scenario, params)
  return checkedInstance(
    plain,
    scenario,
    { params: all, key: `${seed}|${plain}|${instance}` },
    house,
  )
}

interface Case {
  readonly params: Readonly<Record<string, number>>
  readonly key: string
}

function checkedInstance(
  id: string,
  scenario: Scenario,
  { params, key }: Case,
  entries: Entries,
): Instance {
  const bad = (what: string): never => {
    throw new UsageError(`${scenarioFile(id)}: draw: ${what}`)
  }
  const draw: Scenario['draw'] = (...of) => {
    let drawn: ReturnType<Scenario['draw']> | undefined
    try {
      drawn = scenario.draw(...of)
    } catch (thrown) {
      return bad(tame(thrown).message)
    }
    const problem = shapeProblem(drawn)
    return problem === undefined ? drawn : bad(problem)
  }
  const instance = instanceOf(id, { ...scenario, draw }, params, key)
  const problem = problemIn(instance, entries)
  return problem === undefined ? instance : bad(problem)
}

const LISTS = ['users', 'programs', 'hazards', 'reactions'] as const

/** What is missing of a case, if anything is. */
function shapeProblem(drawn: unknown): string | undefined {
  if (typeof drawn !== 'object' || drawn === null)
    return `expected an instance, got ${drawn === undefined ? 'nothing' : JSON.stringify(drawn)}`
  const of = drawn as Readonly<Record<string, unknown>>
  const list = LISTS.find((name) => !Array.isArray(of[name]))
  if (list !== undefined) return `${list}: expected an array`
  const record = ['truths', 'world'].find((name) => typeof of[name] !== 'object' || !of[name])
  return record === undefined ? undefined : `${record}: expected an object`
}

/** What of a case can never work, if anything is. */
function problemIn(instance: Instance, entries: Entries): string | undefined {
  const { windowTokens, users, hazards } = instance
  if (!(windowTokens > 0 && Number.isFinite(windowTokens)))
    return `windowTokens: expected a number above 0, got ${windowTokens}`
  if (users.length === 0) return 'users: has none, so nothing is asked'
  const tasks = taskProblem(instance) ?? needProblem(instance)
  if (tasks !== undefined || hazards.length === 0) return tasks
  const problemOf = decisionsOf(instance, entries)
  for (const { id, value } of hazards) {
    const problem = problemOf(id, value)
    if (problem !== undefined) return `hazards: ${id}: ${problem}`
  }
  return undefined
}

function taskProblem({ users, programs }: Instance): string | undefined {
  const names = programs.map(({ name }) => name)
  for (const { id, prompt } of users.flatMap(({ jobs }) => jobs)) {
    const tasks = atomsIn(prompt).filter(({ kind }) => kind === 'task')
    const unknown = tasks.find(({ name }) => !names.includes(name))
    if (unknown !== undefined) {
      const near = nearest(unknown.name, names)
      const hint = near === undefined ? 'There is none' : `Nearest: ${near}`
      return `the prompt of ${id} asks for the task '${unknown.name}', which has no program. ${hint}`
    }
  }
  return undefined
}

/** A need is a fact of its program, or a place that somebody names: `@balance`. */
function needProblem(instance: Instance): string | undefined {
  for (const { name: program, facts, steps } of instance.programs) {
    for (const { id, needs } of steps) {
      const unknown = needs.find(
        (need) => !Object.hasOwn(facts, need.replace(/^@/, '')) && !isPlace(need, instance),
      )
      if (unknown === undefined) continue
      const near = nearest(unknown, Object.keys(facts))
      const hint = near === undefined ? 'It has none' : `Nearest: ${near}`
      return `the step '${id}' of ${program} needs '${unknown}', which is no fact of it and no place. ${hint}`
    }
  }
  return undefined
}

function isPlace(need: string, { users, world }: Instance): boolean {
  if (!need.startsWith('@')) return false
  const named = `place:${need.slice(1)}`
  const prompts = users.flatMap(({ jobs }) => jobs.map(({ prompt }) => prompt))
  return prompts.some((prompt) => prompt.includes(named)) || JSON.stringify(world).includes(named)
}
