// An answer of keys to be typed, as Terminus 2 reads it (its JSON parser, read in a fork): what is asked for, what
// is wrong with it, and what is only odd. Text around the object is odd; an object that is cut off is closed.
import { isPlain } from './validate.ts'

export interface Keys {
  readonly keystrokes: string
  /** Seconds. */
  readonly duration: number
}

export interface Batch {
  readonly keys: readonly Keys[]
  readonly isComplete: boolean
  /** Nothing is typed then. */
  readonly error: string | undefined
  readonly warnings: readonly string[]
}

const REQUIRED = ['analysis', 'plan', 'commands']
const USUAL_SECONDS = 1

const failing = (error: string, warnings: readonly string[] = []): Batch => ({
  keys: [],
  isComplete: false,
  error,
  warnings,
})

/** Where the first object of a text begins and ends; braces in strings do not count. */
function objectIn(text: string): readonly [number, number] | undefined {
  let [start, depth, isQuoted] = [-1, 0, false]
  for (let i = 0; i < text.length; i++) {
    const c = text[i]
    if (c === '\\') i++
    else if (c === '"') isQuoted = !isQuoted
    else if (isQuoted) continue
    else if (c === '{') {
      if (depth++ === 0) start = i
    } else if (c === '}' && --depth === 0 && start >= 0) return [start, i + 1]
  }
  return undefined
}

function keysIn(command: unknown, n: number, isLast: boolean, warnings: string[]): Keys | string {
  if (!isPlain(command)) return `Command ${n} must be an object`
  const { keystrokes, duration, ...unknown } = command
  if (keystrokes === undefined) return `Command ${n} missing required 'keystrokes' field`
  if (typeof keystrokes !== 'string') return `Command ${n} 'keystrokes' must be a string`
  if (duration === undefined)
    warnings.push(`Command ${n}: Missing duration field, using default 1.0`)
  else if (typeof duration !== 'number')
    warnings.push(`Command ${n}: Invalid duration value, using default 1.0`)
  const odd = Object.keys(unknown).join(', ')
  if (odd !== '') warnings.push(`Command ${n}: Unknown fields: ${odd}`)
  if (!isLast && !keystrokes.endsWith('\n'))
    warnings.push(
      `Command ${n} should end with newline when followed by another command. Otherwise the two commands will be concatenated together on the same line.`,
    )
  return { keystrokes, duration: typeof duration === 'number' ? duration : USUAL_SECONDS }
}

function batchOf(said: unknown, warnings: string[]): Batch {
  if (!isPlain(said)) return failing('Response must be a JSON object', warnings)
  const missing = REQUIRED.filter((field) => !Object.hasOwn(said, field))
  if (missing.length > 0) return failing(`Missing required fields: ${missing.join(', ')}`, warnings)
  for (const field of ['analysis', 'plan'])
    if (typeof said[field] !== 'string') warnings.push(`Field '${field}' should be a string`)
  const { commands, task_complete: done } = said
  if (!Array.isArray(commands)) return failing("Field 'commands' must be an array", warnings)
  const isComplete = done === true || /^(?:true|1|yes)$/i.test(String(done))
  const keys: Keys[] = []
  for (const [i, command] of commands.entries()) {
    const read = keysIn(command, i + 1, i === commands.length - 1, warnings)
    if (typeof read !== 'string') keys.push(read)
    else if (isComplete)
      return { keys: [], isComplete, error: undefined, warnings: [...warnings, read] }
    else return failing(read, warnings)
  }
  return { keys, isComplete, error: undefined, warnings }
}

function attempt(text: string, warnings: string[]): Batch {
  const [start, end] = objectIn(text) ?? []
  if (start === undefined)
    return failing('No valid JSON found in response', ['No valid JSON object found'])
  if (text.slice(0, start).trim() !== '') warnings.push('Extra text detected before JSON object')
  if (text.slice(end).trim() !== '') warnings.push('Extra text detected after JSON object')
  try {
    return batchOf(JSON.parse(text.slice(start, end)), warnings)
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown)
    return failing(`Invalid JSON: ${why.replace(/ \(line \d+ column \d+\)$/, '')}`, warnings)
  }
}

/** What an answer of keys sees and thinks, in words; nothing where it is none, or says none. */
export function analysisIn(text: string): string | undefined {
  const [start, end] = objectIn(text) ?? []
  try {
    const said: unknown = start === undefined ? undefined : JSON.parse(text.slice(start, end))
    const analysis = isPlain(said) ? said.analysis : undefined
    return typeof analysis === 'string' && analysis !== '' ? analysis : undefined
  } catch {
    return undefined
  }
}

/** Total: any text. */
export function batchIn(text: string): Batch {
  const batch = attempt(text, [])
  if (batch.error === undefined) return batch
  const open = text.split('{').length - text.split('}').length
  if (open <= 0) return batch
  const fixed = attempt(text + '}'.repeat(open), [
    'AUTO-CORRECTED: Fixed incomplete JSON by adding missing closing brace - please fix this in future responses',
  ])
  return fixed.error === undefined ? fixed : batch
}
