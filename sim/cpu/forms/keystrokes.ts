// Calling by keystrokes: no tool is offered, an answer is a JSON object with keys for a terminal, and one
// screen is what came of all of them (Terminal-Bench's agent of 2025, its prompt and parser read in a fork):
// `{analysis, plan, commands: [{keystrokes, duration}], task_complete}`.
import type { Message, Tool, ToolCall } from '../../core/message.ts'
import { commandIn } from '../commands.ts'
import { isPlain } from '../schema.ts'
import { exitCodeIn, failedAmong, hasNoMatches } from '../screen.ts'
import type { Utterance } from '../thought.ts'
import type { Form, Told } from './form.ts'
import { toolsBetween } from './tagged.ts'

/** The one tool that a terminal is. */
const TERMINAL: Tool = {
  name: 'keystrokes',
  description: 'Types keys into a terminal.',
  inputSchema: {
    type: 'object',
    properties: { keystrokes: { type: 'string' }, duration: { type: 'number' } },
    required: ['keystrokes'],
  },
}
/** What else can be run there, each with its arguments as one JSON object: our own way, as no harness has one. */
const PROGRAMS = /<programs>([\s\S]*?)<\/programs>/g

const FIELDS = [/\bJSON\b/i, /\bcommands\b/, /\bkeystrokes\b/, /\btask_complete\b/] as const

/** What stands before a call of a tool that somebody types where only commands are. */
const TYPED_CALL = /^([A-Za-z_][\w.-]{0,63}) (\{[\s\S]*\})\n?$/

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A command as it is spoken; a call that is none of the terminal's is typed, as if it were a command. */
function spoken({ name, args }: ToolCall): string {
  if (name === TERMINAL.name) return args
  return JSON.stringify({ keystrokes: `${name} ${args}\n` })
}

const asJson = (content: string, calls: readonly ToolCall[]): string => {
  const plan = calls.length > 0 ? 'Run these commands.' : 'Nothing is left to do.'
  const commands = calls.map((call) => `\n    ${spoken(call)}`).join(',')
  return [
    `{\n  "analysis": ${JSON.stringify(content)},`,
    `  "plan": "${plan}",`,
    `  "commands": [${commands}${commands === '' ? '' : '\n  '}],`,
    `  "task_complete": ${calls.length === 0}\n}`,
  ].join('\n')
}

function inText({ content, calls, isEndless = false }: Utterance): Utterance {
  // What does not end is never closed.
  if (isEndless)
    return { content: `{\n  "analysis": ${JSON.stringify(content).slice(0, -1)}`, calls, isEndless }
  return { content: asJson(content, calls), calls: [] }
}

function callOf(command: unknown, id: string): ToolCall {
  const keys = isPlain(command) ? command.keystrokes : undefined
  const [, name, args] = (typeof keys === 'string' && TYPED_CALL.exec(keys)) || []
  if (name !== undefined && args !== undefined && isPlain(parsed(args))) return { id, name, args }
  return { id, name: TERMINAL.name, args: JSON.stringify(command) }
}

/** The calls in an answer; one, as it was spoken, where commands are meant and the whole is no JSON. */
function callsIn(content: string, id: (n: number) => string): ToolCall[] {
  const start = content.indexOf('{')
  if (start < 0) return []
  const whole = parsed(content.slice(start, content.lastIndexOf('}') + 1))
  if (isPlain(whole)) {
    const commands: readonly unknown[] = Array.isArray(whole.commands) ? whole.commands : []
    return commands.map((command, n) => callOf(command, id(n)))
  }
  const at = content.indexOf('[', content.indexOf('"commands"'))
  if (!content.includes('"commands"') || at < 0) return []
  const inner = content.slice(at + 1)
  const end = inner.lastIndexOf('"task_complete"')
  const args = (end < 0 ? inner : inner.slice(0, end)).replace(/\s*\]\s*,?\s*$/, '').trim()
  return args === '' ? [] : [{ id: id(0), name: TERMINAL.name, args }]
}

/** Where an answer could not be read, nothing of it was done. */
const UNREAD =
  /previous response had (?:parsing )?errors|none of the actions you (?:just )?requested/i

/** The newest word of a user is the one screen for all that was typed; a status in it is the last one's. */
function resultsIn({ role, content }: Message, asked: readonly ToolCall[]): readonly Told[] {
  if (role !== 'user' || asked.length === 0) return []
  const isUnread = UNREAD.test(content.slice(0, 400))
  const commands = asked.map((call) => commandIn(call) ?? `${call.name} `)
  const failed = failedAmong(commands, content)
  const last = commands.at(-1) ?? ''
  const isBad = (exitCodeIn(content) ?? 0) !== 0 && !hasNoMatches(last, content, false)
  return asked.map(({ args }, i) => {
    const isOpen = isUnread || parsed(args) === undefined
    const isError = isOpen || failed[i] === true || (isBad && i === asked.length - 1)
    return { text: content, isError }
  })
}

export const keystrokes: Form = {
  endsItself: true,
  isWhole: true,
  mark: undefined,
  toolsIn: ({ content }) =>
    FIELDS.every((field) => field.test(content))
      ? [TERMINAL, ...toolsBetween(PROGRAMS, content)]
      : [],
  callsIn,
  resultsIn,
  inText,
}
