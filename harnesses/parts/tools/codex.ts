// Codex's shell: a command as a list of words, or as one text, and what came of it with its exit code and
// time; its calls run beside each other (read in source). All else is done through it; `apply_patch` is
// left out. That arguments fail in serde's words is observed (0.169); the form of results and the limits
// are from memory.
import { type Desk, quoted } from '../../hands/desk.ts'
import { deskTool, number, numberIn, string, toolset } from '../../hands/toolset.ts'
import { problemsOf } from '../../hands/validate.ts'
import { type Args, type Conversation, part, type Tool } from '../../kernel.ts'

interface Limits {
  readonly timeoutMs: number
  readonly maxLines: number
  readonly maxChars: number
}

const KINDS: Readonly<Record<string, string>> = {
  object: 'map',
  array: 'sequence',
  number: 'floating point',
  boolean: 'boolean',
  string: 'string',
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  return KINDS[Array.isArray(value) ? 'array' : typeof value] ?? 'unit'
}

function invalid({ inputSchema }: Tool, args: Args): string | undefined {
  const [problem] = problemsOf(inputSchema, args)
  if (problem === undefined) return undefined
  const { kind, path, says } = problem
  const why =
    kind === 'missing'
      ? `missing field \`${path}\``
      : `invalid type: ${kindOf(path === '' ? args : args[path])}, expected a ${says.replace(/^must be (.*,)?/, '')}`
  return `failed to parse function arguments: ${why}`
}

const isWords = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((word) => typeof word === 'string')

/** The command line behind a list of words: what is handed to a shell is run as it stands. */
function lineOf(command: unknown): string {
  if (!isWords(command)) return String(command)
  const [shell = '', flag = '', script] = command
  const isShell = /^(?:.*\/)?(?:ba|z)?sh$/.test(shell) && /^-l?c$/.test(flag)
  return isShell && script !== undefined ? script : command.map(quoted).join(' ')
}

/** The first and the last lines, and of a text of few long lines its ends. */
function clipped(text: string, { maxLines, maxChars }: Limits): string {
  const lines = text.split('\n')
  const half = Math.floor(maxLines / 2)
  const omitted = lines.length - 2 * half
  const told =
    lines.length <= maxLines
      ? text
      : [
          ...lines.slice(0, half),
          `[... omitted ${omitted} of ${lines.length} lines ...]`,
          ...lines.slice(-half),
        ].join('\n')
  if (told.length <= maxChars) return told
  const ends = Math.floor(maxChars / 2)
  return `${told.slice(0, ends)}\n[... omitted ${told.length - 2 * ends} characters ...]\n${told.slice(-ends)}`
}

async function shell(args: Args, desk: Desk, c: Conversation, limits: Limits): Promise<string> {
  const { clock } = c.machine
  const ms = numberIn(args, 'timeout_ms') ?? limits.timeoutMs
  const folder = typeof args.workdir === 'string' ? `cd ${quoted(args.workdir)} && ` : ''
  const began = clock.now()
  const { output, exitCode } = await desk.run(folder + lineOf(args.command), ms)
  const seconds = ((clock.now() - began) / 1000).toFixed(1)
  const late = exitCode === 124 ? `command timed out after ${ms} milliseconds\n` : ''
  return `Exit code: ${exitCode}\nWall time: ${seconds} seconds\nOutput:\n${late}${clipped(output, limits)}`
}

export default part({
  slot: 'tools',
  about: 'shell alone, with a command as words or text; other tools passed through',
  source: 'Codex 0.169: errors (observed); results and limits (from memory)',
  constants: { timeoutMs: 10_000, maxLines: 256, maxChars: 10_240 },
  policy: (limits) =>
    toolset(
      [
        deskTool({
          name: 'shell',
          description: 'Runs a shell command and returns its output.',
          takes: {
            command: {
              type: ['array', 'string'],
              items: { type: 'string' },
              description: 'The command to execute',
            },
            workdir: string('The working directory to execute the command in'),
            timeout_ms: number('The timeout for the command in milliseconds'),
          },
          optional: ['workdir', 'timeout_ms'],
          run: (args, desk, c) => shell(args, desk, c, limits),
        }),
      ],
      invalid,
      ['shell'],
    ),
})
