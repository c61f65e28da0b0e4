// mini-swe-agent: one tool, a shell that forgets everything but the files from one command to the next. What it
// says is wrapped as mini wraps it; of a long output both ends are shown. That a job is done is told by the first
// line of an output, which part `turn=format-errors` reads. Other tools are passed through.
import type { Desk } from '../../hands/desk.ts'
import { deskTool, string, textIn, toolset } from '../../hands/toolset.ts'
import { problemsOf } from '../../hands/validate.ts'
import { type Args, part, type Result, type Tool } from '../../kernel.ts'

interface Limits {
  readonly timeoutMs: number
  readonly maxChars: number
}

const ADVICE = [
  '<warning>',
  'The output of your last command was too long.',
  'Please try a different command that produces less output.',
  "If you're looking at a file you can try use head, tail or sed to view a smaller number of lines selectively.",
  "If you're using grep or find and it produced too much output, you can use a more selective search pattern.",
  "If you really need to see something from the full command's output, you can redirect output to a file and then search in that file.",
  '</warning>',
].join('\n')

function shown(output: string, maxChars: number): string {
  if (output.length < maxChars) return `<output>\n${output}</output>`
  const half = Math.floor(maxChars / 2)
  const elided = output.length - 2 * half
  return [
    ADVICE,
    `<output_head>\n${output.slice(0, half)}\n</output_head>`,
    `<elided_chars>\n${elided} characters elided\n</elided_chars>`,
    `<output_tail>\n${output.slice(-half)}\n</output_tail>`,
  ].join('\n')
}

async function bash(args: Args, desk: Desk, { timeoutMs, maxChars }: Limits): Promise<Result> {
  const command = textIn(args, 'command')
  const { output, exitCode } = await desk.run(command, timeoutMs)
  const told = (code: number, before = ''): Result => ({
    text: `${before}<returncode>${code}</returncode>\n${shown(output, maxChars)}`,
    isError: undefined,
  })
  if (exitCode !== 124) return told(exitCode)
  const why = `Command '${command}' timed out after ${timeoutMs / 1000} seconds`
  return told(-1, `<exception>An error occurred while executing the command: ${why}</exception>\n`)
}

/** What mini says to a call that lacks its command, or has it in another form. */
const invalid = ({ name, inputSchema }: Tool, args: Args): string | undefined => {
  const [problem] = problemsOf(inputSchema, args)
  if (problem === undefined) return undefined
  return problem.kind === 'missing'
    ? `Missing '${problem.path}' argument in ${name} tool call.`
    : `Error parsing tool call arguments: ${problem.path} ${problem.says}.`
}

export default part({
  slot: 'tools',
  about: 'bash alone, a fresh shell for each command; other tools passed through',
  source: 'mini-swe-agent: config/mini.yaml, environments/local.py (read in source)',
  constants: { timeoutMs: 30_000, maxChars: 10_000 },
  policy: (limits) =>
    toolset(
      [
        deskTool({
          name: 'bash',
          description: 'Execute a bash command',
          takes: { command: string('The bash command to execute') },
          run: (args, desk) => bash(args, desk, limits),
        }),
      ],
      invalid,
    ),
})
