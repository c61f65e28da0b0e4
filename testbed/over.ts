// What a sweep goes over: one parameter of a scenario, and its values.
import { isCount, type Scenario } from '../scenarios/scenario.ts'
import { UsageError } from '../sim/core/assert.ts'
import { nearest } from '../sim/cpu/index.ts'

export interface Over {
  readonly parameter: string
  /** Ascending, each once. */
  readonly values: readonly number[]
}

const FORM = 'expected parameter=from..to, or parameter=a,b,c; e.g. distance=1000..200000'
/** A range as others write it: `a=1...2`, `a=1-2`, `a=1:2`, `a=1 to 2`. */
const LOOSE = /^([^=]+)=(\d[\d.]*?)\s*(?:\.{2,}|-|:|–|to)\s*(\d[\d.]*)$/
/** From this ratio of the ends on, the steps are equal in ratio, else in distance. */
const RATIO = 10

/** So many values from one end to the other; whole numbers between whole ends. */
function between(from: number, to: number, steps: number): number[] {
  const isWhole = Number.isInteger(from) && Number.isInteger(to)
  const isRatio = from > 0 && to / from >= RATIO
  const at = (i: number): number => {
    const share = steps === 1 ? 0 : i / (steps - 1)
    const value = isRatio
      ? Math.exp(Math.log(from) + share * Math.log(to / from))
      : from + share * (to - from)
    return isWhole ? Math.round(value) : Number(value.toPrecision(6))
  }
  const values = Array.from({ length: steps }, (_, i) => at(i))
  return [...new Set([...values.slice(0, -1), steps === 1 ? from : to])]
}

function number(text: string, over: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) malformed(over)
  return value
}

/** @throws {UsageError} with the range that was meant, where one can be told. */
function malformed(over: string): never {
  const [, parameter, from, to] = LOOSE.exec(over) ?? []
  const near = parameter === undefined ? '' : `. Nearest: ${parameter}=${from}..${to}`
  throw new UsageError(`--over ${over}: ${FORM}${near}`)
}

/**
 * `distance=1000..200000` in so many steps, or the values themselves.
 * @throws {UsageError} for what the scenario has not, or does not permit.
 */
export function overOf(text: string, id: string, { params }: Scenario, steps: number): Over {
  const [, parameter = '', range = ''] = /^([^=]*)=(.*)$/.exec(text) ?? []
  if (parameter === '' || range === '') throw new UsageError(`--over ${text}: ${FORM}`)
  const found = Object.hasOwn(params, parameter) ? params[parameter] : undefined
  if (found === undefined) {
    const names = Object.keys(params)
    throw new UsageError(
      `--over ${text}: ${id} has no parameter '${parameter}'. Nearest: ${nearest(parameter, names)}. It has: ${names.join(', ')}`,
    )
  }
  if (range.includes('...')) malformed(text)
  const ends = range.split('..')
  const isRange = ends.length === 2
  const given = isRange
    ? ends.map((end) => number(end, text))
    : range.split(',').map((value) => number(value, text))
  const { min, max } = found
  for (const value of given) {
    if (value < min || value > max)
      throw new UsageError(
        `--over ${text}: expected ${parameter} in [${min}, ${max}], got ${value}`,
      )
    if (isCount(found) && !Number.isInteger(value))
      throw new UsageError(`--over ${text}: expected whole numbers, got ${value}`)
  }
  const [from = min, to = max] = given
  if (isRange && from > to)
    throw new UsageError(
      `--over ${text}: ${from} is more than ${to}. Nearest: ${parameter}=${to}..${from}`,
    )
  const values = isRange ? between(from, to, steps) : [...new Set(given)]
  return { parameter, values: values.sort((a, b) => a - b) }
}
