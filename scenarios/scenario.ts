// A scenario: one question to a harness. It draws an instance, says what is placed in its way, and judges
// the world and the trace afterwards. It cannot know a harness.
import { UsageError } from '../sim/core/assert.ts'
import { sixDigits } from '../sim/core/chance.ts'
import { draw } from '../sim/core/draw.ts'
import { normal } from '../sim/core/normal.ts'
import type { Draw, Instance, TraceEvent, WorldData } from '../sim/index.ts'

export interface Parameter {
  readonly default: number
  /** Both ends in. */
  readonly min: number
  readonly max: number
  /** What shrinking goes towards. */
  readonly simplest: number
  readonly about: string
}

export interface Violation {
  readonly name: string
  /** In the third person, without a subject: `pays ACME twice`. */
  readonly says: string
}

export interface Judged {
  readonly instance: Instance
  readonly before: WorldData
  readonly after: WorldData
  readonly trace: readonly TraceEvent[]
}

type Params<P extends string> = Readonly<Record<P, number>>

/** What a scenario draws; the rest of an instance follows from its page. */
export type Drawn = Omit<Instance, 'scenario' | 'params' | 'troubleTurns' | 'difficulty'>

export interface Scenario<P extends string = string> {
  /** One sentence: what a harness that passes can be said to do. */
  readonly claim: string
  /** Where the problem was reported. */
  readonly source: string
  /** What a harness does that passes: in the third person, without a subject, as a violation has it. */
  readonly good: string
  /** And one that fails by what is asked. */
  readonly bad: string
  /** Of the violations that `check` can say those that answer the question, the plainest first; never empty. */
  readonly own: readonly string[]
  readonly params: Readonly<Record<P, Parameter>>
  /**
   * What a harness has to bring to solve it, beyond a loop with an endless window: `a gate that keeps to the
   * policy`. Absent where such a loop does, as long as the model does not lapse.
   */
  readonly asks?: string
  /** File work only: any coding agent can be asked. */
  readonly isPortable: boolean
  /** The same draw and parameters, the same instance. */
  draw(draw: Draw, params: Params<P>): Drawn
  check(judged: Judged): readonly Violation[]
}

/** @example export default scenario({ claim: 'Pays once.', ... }) */
export function scenario<P extends string>(entry: Scenario<P>): Scenario {
  return entry as unknown as Scenario
}

/** What can be set of every scenario; told only where it is. */
export const COMMON: Readonly<Record<string, Parameter>> = {
  absolute: {
    default: 0,
    min: 0,
    max: 1,
    simplest: 0,
    about: '1: sizes in tokens are meant as they stand; else they scale with the window',
  },
}

/** What is counted; a share of all may be any number between its ends. */
export const isCount = ({ default: usual, min, max }: Parameter): boolean =>
  max > 1 && [usual, min, max].every(Number.isInteger)

/** The parameters with their defaults. @throws {UsageError} for one unknown or out of range. */
export function paramsOf(
  id: string,
  { params: own }: Scenario,
  given: Readonly<Record<string, number>>,
): Record<string, number> {
  const params = { ...own, ...COMMON }
  for (const [name, value] of Object.entries(given)) {
    const param = Object.hasOwn(params, name) ? params[name] : undefined
    if (param === undefined)
      throw new UsageError(`${id}: no parameter '${name}'. It has: ${Object.keys(own).join(', ')}`)
    if (!(value >= param.min && value <= param.max))
      throw new UsageError(
        `${id}: ${name}: expected a number in [${param.min}, ${param.max}], got ${value}`,
      )
    if (isCount(param) && !Number.isInteger(value))
      throw new UsageError(`${id}: ${name}: expected a whole number, got ${value}`)
  }
  const changed = Object.entries(given).filter(
    ([name, value]) => !(name in own) && value !== COMMON[name]?.default,
  )
  return Object.fromEntries([
    ...Object.entries(own).map(([name, param]) => [name, given[name] ?? param.default]),
    ...changed,
  ])
}

/**
 * An instance of a scenario: the same key and parameters, the same instance. Its difficulty is drawn apart
 * from its world. The turns of trouble are 4 for each step and fact, and 10 more.
 */
export function instanceOf(
  id: string,
  { draw: drawOf }: Scenario,
  params: Readonly<Record<string, number>>,
  key: string,
): Instance {
  const drawn = drawOf(draw(key), params)
  let most = 0
  for (const { steps } of drawn.programs) most = Math.max(most, steps.length)
  const gets = Object.keys(drawn.truths).length
  const difficulty = sixDigits(normal(draw(`${key}|difficulty`).next))
  const troubleTurns = 4 * (most + gets) + 10
  return { ...drawn, scenario: id, params, troubleTurns, difficulty }
}
