// Results: what a reader makes of one at a glance, and of a shell's, which says it in its own words; and the
// newest one, what came of the last call, if nobody has spoken since.
import type { ToolCall } from '../core/message.ts'
import { commandIn } from './commands.ts'
import type { CallState, View } from './read.ts'
import { hasNoMatches, shellFailed } from './screen.ts'
import type { Utterance } from './thought.ts'

const ERROR_WORDS =
  /^\W*(tool_use_error\W*)?(error|failed|failure|invalid|unknown|unsupported|no such|not found|cannot|could not|unable|validation failed|exception|traceback|tool \S+ (was )?not found|tool '[^']*' not found|permission denied|denied)\b/i

/** What the first words of a result say, where a protocol has no flag. */
export const readsAsError = (text: string): boolean => ERROR_WORDS.test(text.slice(0, 160))

/** What came of a call. `isError` is the protocol's flag, where it has one and it is set. */
export function fateOf(call: ToolCall, result: string, isError?: boolean): 'ok' | 'error' {
  const command = commandIn(call)
  if (command !== undefined) {
    if (hasNoMatches(command, result, isError ?? false)) return 'ok'
    const said = shellFailed(result)
    if (said !== undefined) return said || isError === true ? 'error' : 'ok'
  }
  return (isError ?? readsAsError(result)) ? 'error' : 'ok'
}

/** Undefined where the newest message is no result. */
export function newestResult(view: View): CallState | undefined {
  const { last } = view
  if (last?.role === 'tool')
    return last.callId === undefined ? undefined : view.calls.get(last.callId)
  if (view.form === undefined || last?.role !== 'user') return undefined
  const state = view.lately().at(-1)
  return state !== undefined && last.content.includes(state.result) ? state : undefined
}

/** The calls of the model's last turn that came to an error. */
export const failedLately = (view: View): CallState[] =>
  view.failed === 0 ? [] : view.lately().filter(({ fate }) => fate === 'error')

/** Whether the very same call is among those that are about to be made. */
export const isSaid = ({ calls }: Utterance, { name, args }: ToolCall): boolean =>
  calls.some((call) => call.name === name && call.args === args)

const NOTHING = /^(?:null|none|undefined|nan|""|''|\{\s*\}|\[\s*\])?$/i
const OPENS_JSON = /^(?:\{\s*["}]|\[\s*["{[\]])/

/** A result with nothing in it, or JSON that breaks off. Ordinary prose is neither. */
export function isHollow(result: string): boolean {
  const head = result.slice(0, 64).trimStart()
  if (result.length <= 64 && NOTHING.test(head.trimEnd())) return true
  if (head === '') return result.trim() === ''
  if (head.startsWith('[[') || !OPENS_JSON.test(head)) return result.includes('\uFFFD')
  return !result.trimEnd().endsWith(head.startsWith('{') ? '}' : ']')
}

const STATUS = /\b(?:status|exit[ _-]?code|return[ _-]?code|success|ok)\b["']?\s*[:=]/i

/** Whether a result says in a field of its own what became of the call. Seen at its start or its end. */
export const tellsStatus = (result: string): boolean =>
  STATUS.test(result.length <= 400 ? result : `${result.slice(0, 200)}\n${result.slice(-200)}`)
