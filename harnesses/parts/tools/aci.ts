// SWE-agent's agent-computer interface: one file open at a time, seen through a window of 100 lines; an edit that
// brings a new error of form is undone, and both windows are shown. Their linter is flake8, for Python; here it is
// the parser of JSON, and other files have none. Other tools are passed through.
import { bash, create, findFile, open, searchDir, searchFile } from '../../hands/aci.ts'
import { deskTool, number, numberIn, string, toolset } from '../../hands/toolset.ts'
import { inWords, problemsOf } from '../../hands/validate.ts'
import { around, edit, moved } from '../../hands/window.ts'
import { type Args, type Policy, part, type Result, type Tool } from '../../kernel.ts'

const invalid = ({ name, inputSchema }: Tool, args: Args): string | undefined => {
  const [problem] = problemsOf(inputSchema, args)
  return problem && `Error: ${name}: ${inWords(problem)}`
}

/** Their longest observation; what is behind it is gone, and the model is told so. */
function clipped({ text, isError }: Result, maxChars: number): Result {
  if (text.length <= maxChars) return { text, isError }
  const note = `Observations should not exceeded ${maxChars} characters. ${text.length - maxChars} characters were elided. Please try a different command that produces less output or use head/tail/grep/redirect the output to a file. Do not use interactive pagers.`
  return { text: `${text.slice(0, maxChars)}<response clipped><NOTE>${note}</NOTE>`, isError }
}

interface Limits {
  readonly windowLines: number
  readonly timeoutMs: number
  /** Whether an edit that breaks the form of a file is undone: 1 or 0. */
  readonly lints: number
}

const tools = ({ windowLines: window, timeoutMs, lints }: Limits) => [
  deskTool({
    name: 'open',
    description: 'opens the file at the given path in the editor, at the line if one is given',
    takes: {
      path: string('the path to the file to open'),
      line_number: number('the line number to move the window to'),
    },
    optional: ['line_number'],
    isReading: true,
    run: (args, desk, c) => open(args, desk, c, window),
  }),
  deskTool({
    name: 'goto',
    description: 'moves the window to show the given line',
    takes: { line_number: number('the line number to move the window to') },
    isReading: true,
    run: moved(window, (_, total, args) =>
      around(numberIn(args, 'line_number') ?? 1, total, window),
    ),
  }),
  deskTool({
    name: 'scroll_up',
    description: `moves the window up ${window} lines`,
    takes: {},
    isReading: true,
    run: moved(window, (first) => first - window),
  }),
  deskTool({
    name: 'scroll_down',
    description: `moves the window down ${window} lines`,
    takes: {},
    isReading: true,
    run: moved(window, (first) => first + window),
  }),
  deskTool({
    name: 'create',
    description: 'creates and opens a new file with the given name',
    takes: { filename: string('the name of the file to create') },
    run: (args, desk, c) => create(args, desk, c, window),
  }),
  deskTool({
    name: 'edit',
    description: 'replaces the lines from start_line to end_line, both included, of the open file',
    takes: {
      start_line: number('the line number to start the edit at'),
      end_line: number('the line number to end the edit at (inclusive)'),
      replacement_text: string('the text to replace the current selection with'),
    },
    run: (args, desk, c) => edit(args, desk, c, { window, lints: lints > 0 }),
  }),
  deskTool({
    name: 'search_dir',
    description: 'searches for search_term in all files in dir',
    takes: {
      search_term: string('the term to search for'),
      dir: string('the directory to search in'),
    },
    optional: ['dir'],
    isReading: true,
    run: searchDir,
  }),
  deskTool({
    name: 'search_file',
    description: 'searches for search_term in file, or in the open file',
    takes: { search_term: string('the term to search for'), file: string('the file to search in') },
    optional: ['file'],
    isReading: true,
    run: searchFile,
  }),
  deskTool({
    name: 'find_file',
    description: 'finds all files with the given name or pattern in dir',
    takes: {
      file_name: string('the name or pattern, with shell-style wildcards'),
      dir: string('the directory to search in'),
    },
    optional: ['dir'],
    isReading: true,
    run: findFile,
  }),
  deskTool({
    name: 'bash',
    description: 'runs the given command directly in bash',
    takes: { command: string('the bash command to execute') },
    run: (args, desk) => bash(args, desk, timeoutMs),
  }),
  deskTool({
    name: 'submit',
    description: 'submits the current state of the files',
    takes: {},
    run: async () => 'Submitted.',
  }),
]

export default part({
  slot: 'tools',
  about: 'a window of 100 lines on one open file, edits that are linted, searches, bash, submit',
  source: 'SWE-agent 1.x: tools/windowed, windowed_edit_linting, search (read in source)',
  constants: { windowLines: 100, timeoutMs: 30_000, maxChars: 100_000, lints: 1 },
  policy({ maxChars, ...limits }): Policy {
    const set = toolset(tools(limits), invalid, [])
    const run: Policy['run'] = async (...on) => clipped(await set.run(...on), maxChars)
    return { ...set, run }
  },
})
