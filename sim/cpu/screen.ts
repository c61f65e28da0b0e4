// Screens: what a shell's output says of the commands that were run. Exit codes as harnesses tell them: Pi's
// `Command exited with code 1`, mini-swe-agent's `<returncode>1</returncode>`, Codex's `Exit code: 1`; and
// the errors of POSIX tools in the words of bash, zsh and coreutils. What a file holds may look like either.

/** Where a status stands: in the first lines of an output, or in the last. */
const FIRST = 3
const LAST = 2

const STATUS = new RegExp(
  [
    String.raw`^\W*(?:<(?:return|exit)_?code>|`,
    '(?:(?:command|process|script) )?(?:(?:exited|failed|finished) with )?',
    String.raw`(?:exit|return)[ _-]?(?:code|status)\s*[:=]?|`,
    String.raw`(?:(?:command|process|script) )?(?:exited|failed|finished) with (?:code|status)\s*[:=]?)`,
    String.raw`\s*(-?\d+)\W*(?:<\/\w+>)?\W*$`,
  ].join(''),
  'i',
)
const IN_JSON = /"(?:exit|return)_?[cC]ode"\s*:\s*(-?\d+)/

/** The exit code that an output tells; undefined where it tells none. */
export function exitCodeIn(output: string): number | undefined {
  const edges = output.length > 4000 ? `${output.slice(0, 2000)}\n${output.slice(-2000)}` : output
  const lines = edges.split('\n').filter((line) => line.trim() !== '')
  for (const line of [...lines.slice(0, FIRST), ...lines.slice(-LAST)]) {
    const code = STATUS.exec(line.slice(0, 200))?.[1]
    if (code !== undefined) return Number(code)
  }
  const told = /^\s*\{/.test(edges) ? IN_JSON.exec(edges)?.[1] : undefined
  return told === undefined ? undefined : Number(told)
}

const PROBLEM = new RegExp(
  [
    String.raw`^(?:\S*\b(?:bash|zsh|dash|sh|cat|grep|find|ls|mkdir|printf|sort)): (?:(?:line )?\d+: )?(?:`,
    '(?:command not found|no such file or directory): (.*)|',
    '(?:(.*?): )?(?:No such file or directory|command not found|not found|Permission denied|',
    'Is a directory|Not a directory|File exists|cannot .*|syntax error.*|unexpected EOF.*))$',
  ].join(''),
)

export interface Problem {
  /** What it is about, as the line says: a path, a command; '' where it does not say. */
  readonly about: string
}

/** The errors that stand in lines of their own. */
export function problemsIn(output: string): Problem[] {
  const found: Problem[] = []
  for (const line of output.split('\n')) {
    if (line.length > 400) continue
    const match = PROBLEM.exec(line.trimEnd())
    if (match === null) continue
    const about = match[1] ?? match[2] ?? ''
    found.push({ about: /['"`]([^'"`]+)['"`]/.exec(about)?.[1] ?? about })
  }
  return found
}

/** Whether an output says that its command failed; undefined where it says nothing of it. */
export function shellFailed(output: string): boolean | undefined {
  const code = exitCodeIn(output)
  if (code !== undefined) return code !== 0
  return problemsIn(output).length > 0 ? true : undefined
}

const SEARCHES = /^\s*(?:e|f)?grep\s/
const SILENT = /^\W*(?:no output|no matches( found)?)?\W*$/i

/** Whether nothing was found by a search: a search that went well, though its exit code is 1. */
export function hasNoMatches(command: string, output: string, isError: boolean): boolean {
  if (!SEARCHES.test(command) || problemsIn(output).length > 0) return false
  const code = exitCodeIn(output)
  return code === 1 || (code === undefined && isError && SILENT.test(output))
}

/**
 * Which of several commands failed, of which one screen tells: those that its errors are about, and all of
 * them where an error is about none.
 */
export function failedAmong(commands: readonly string[], output: string): boolean[] {
  const problems = problemsIn(output)
  const isAbout = (command: string, { about }: Problem): boolean =>
    about !== '' && command.includes(about)
  const isStray = problems.some((problem) => !commands.some((one) => isAbout(one, problem)))
  return commands.map((one) => isStray || problems.some((problem) => isAbout(one, problem)))
}
