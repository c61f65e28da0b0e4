// From what zod found wrong with a body to what OpenAI would say about it.
import type { z } from 'zod'
import { invalidRequest, type Problem } from './problem.ts'

type Issue = z.core.$ZodIssue
type Path = readonly PropertyKey[]

/** As in `messages[0].role`. */
function nameOf(path: Path): string {
  let name = ''
  for (const key of path) {
    if (typeof key === 'number') name += `[${key}]`
    else name += name === '' ? String(key) : `.${String(key)}`
  }
  return name === '' ? 'body' : name
}

function valueAt(body: unknown, path: Path): unknown {
  let value = body
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = Reflect.get(value, key)
  }
  return value
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'a string',
  array: 'an array',
  object: 'an object',
  record: 'an object',
  boolean: 'a boolean',
  int: 'an integer',
  number: 'an integer',
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'number' && !Number.isInteger(value)) return 'a decimal number'
  return WORDS[typeof value] ?? typeof value
}

/** Numbers are integers in this protocol, but for one. */
const isDecimal = (param: string): boolean => param === 'temperature'

const expected = (kind: string, param: string): string =>
  kind === 'number' && isDecimal(param) ? 'a decimal' : (WORDS[kind] ?? kind)

const missing = (param: string): Problem =>
  invalidRequest(`Missing required parameter: '${param}'.`, param, 'missing_required_parameter')

function wrongType(param: string, expected: string, value: unknown): Problem {
  if (value === undefined) return missing(param)
  const kind = kindOf(value)
  const message = `Invalid type for '${param}': expected ${expected}, but got ${kind} instead.`
  return invalidRequest(message, param, 'invalid_type')
}

function wrongValue(param: string, supported: readonly unknown[], value: unknown): Problem {
  if (value === undefined) return missing(param)
  const shown = typeof value === 'string' ? value : JSON.stringify(value)
  const list = supported.map((one) => `'${String(one)}'`).join(', ')
  const message = `Invalid value: '${shown}'. Supported values are: ${list}.`
  return invalidRequest(message, param, 'invalid_value')
}

/** `what` is wrong, what was expected, and what came. */
const unfit = (param: string, [what, expected, got]: readonly string[], code: string): Problem =>
  invalidRequest(
    `Invalid '${param}': ${what}. Expected ${expected}, but got ${got} instead.`,
    param,
    code,
  )

const sort = (param: string): string => (isDecimal(param) ? 'decimal' : 'integer')

function tooSmall({ origin, minimum }: z.core.$ZodIssueTooSmall, param: string, value: unknown) {
  if (origin !== 'array') {
    const words = [`${sort(param)} below minimum value`, `a value >= ${minimum}`, `${value}`]
    return unfit(param, words, `${sort(param)}_below_min_value`)
  }
  const words = ['empty array', `an array with minimum length ${minimum}`, 'an empty array']
  return unfit(param, words, 'empty_array')
}

function tooBig({ maximum }: z.core.$ZodIssueTooBig, param: string, value: unknown): Problem {
  if (typeof value !== 'string') {
    const words = [`${sort(param)} above maximum value`, `a value <= ${maximum}`, `${value}`]
    return unfit(param, words, `${sort(param)}_above_max_value`)
  }
  const got = `a string with length ${value.length}`
  const words = ['string too long', `a string with maximum length ${maximum}`, got]
  return unfit(param, words, 'string_above_max_length')
}

function wrongFormat({ pattern, format }: z.core.$ZodIssueInvalidStringFormat, param: string) {
  const wanted = pattern?.slice(1, -1) ?? format
  const message = `string does not match pattern. Expected a string that matches the pattern`
  return invalidRequest(`Invalid '${param}': ${message} '${wanted}'.`, param, 'invalid_value')
}

/** Of a union, the branch that came furthest is what was meant. */
function meant(errors: readonly (readonly Issue[])[]): Issue | undefined {
  return errors.flat().find((issue) => issue.path.length > 0)
}

/** The first thing that is wrong. */
export function explain(body: unknown, issues: readonly Issue[], within: Path = []): Problem {
  const [issue] = issues
  if (issue === undefined) return invalidRequest('Invalid body.', null, null)
  const path = [...within, ...issue.path]
  const param = nameOf(path)
  const value = valueAt(body, path)
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(param, expected(issue.expected, param), value)
    case 'invalid_value':
      return wrongValue(param, issue.values, value)
    case 'invalid_union': {
      if ('options' in issue && issue.options) return wrongValue(param, issue.options, value)
      const deeper = meant(issue.errors)
      if (deeper !== undefined) return explain(body, [deeper], path)
      const choices = issue.errors.flat().find((one) => one.code === 'invalid_value')
      if (choices !== undefined && typeof value === 'string')
        return wrongValue(param, choices.values, value)
      return wrongType(param, 'one of a string or array of objects', value)
    }
    case 'invalid_format':
      return wrongFormat(issue, param)
    case 'too_small':
      return tooSmall(issue, param, value)
    case 'too_big':
      return tooBig(issue, param, value)
    default:
      return invalidRequest(`Invalid '${param}': ${issue.message}`, param, 'invalid_value')
  }
}
