// Commands: how abstract calls are said in a shell, and how a call of a shell is known again. POSIX tools
// alone, one command a call, paths always in quotes.
import type { ToolCall } from '../core/message.ts'
import type { Args } from './dialect.ts'
import { isPlain } from './schema.ts'

/** Names of tools that take a command line, as observed; `keystrokes` is a terminal that is typed into. */
export const SHELL_NAME =
  /^(bash|shell|sh|exec|execute|(run_?)?(shell_?)?command|run_?shell|execute_?bash|exec_?command|local_?shell|terminal|keystrokes)$/i

/** Names of the parameter that takes it. */
export const COMMAND = /^(command|cmd|script|keystrokes)$/i

const quoted = (text: unknown): string => `'${String(text).replaceAll("'", "'\\''")}'`

/** Ends a here-document: a word that is no line of it. */
function endOf(text: string): string {
  let end = 'EOF'
  for (let n = 2; text.split('\n').includes(end); n++) end = `EOF${n}`
  return end
}

/** A text without a line end is printed: a here-document would add one. */
function written(path: string, content: string): string {
  const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')))
  const before = folder === '' ? '' : `mkdir -p ${quoted(folder)} && `
  if (!content.endsWith('\n')) return `${before}printf '%s' ${quoted(content)} > ${quoted(path)}`
  const end = endOf(content)
  return `${before}cat > ${quoted(path)} <<'${end}'\n${content}${end}`
}

const COMMANDS: Readonly<Record<string, (args: Args) => string>> = {
  'files.read': ({ path }) => `cat ${quoted(path)}`,
  'files.write': ({ path, content }) => written(String(path), String(content)),
  'files.list': () => 'find . -type f | sort',
  'files.search': ({ query }) => `grep -rn -- ${quoted(query)} .`,
  'shell.run': ({ command }) => String(command),
}

/** What a shell can do. */
export const SHELL_OPS = Object.keys(COMMANDS)

/** An abstract call as a command line; undefined for what no shell does. */
export const commandFor = (op: string, args: Args): string | undefined =>
  Object.hasOwn(COMMANDS, op) ? COMMANDS[op]?.(args) : undefined

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string')

/** The command line that a call of a shell runs; undefined for any other call. */
export function commandIn({ name, args }: Pick<ToolCall, 'name' | 'args'>): string | undefined {
  if (!SHELL_NAME.test(name)) return undefined
  let given: unknown
  try {
    given = JSON.parse(args)
  } catch {
    return undefined
  }
  if (!isPlain(given)) return undefined
  const value = Object.entries(given).find(([key]) => COMMAND.test(key))?.[1]
  if (isTexts(value)) return value.at(-1)
  return typeof value === 'string' ? value : undefined
}
