// Claude Code's tools for files and shell; those that only read run beside each other. Names and parameters are
// observed (2.1.330), as is that a problem stands in <tool_use_error>; other words and limits are from memory.
import { agentTools, type Spelling } from '../../hands/agent-tools.ts'
import { toolset } from '../../hands/toolset.ts'
import { problemsOf } from '../../hands/validate.ts'
import { type Args, part, type Tool } from '../../kernel.ts'

const wrong = (text: string): string => `<tool_use_error>${text}</tool_use_error>`

function invalid({ name, inputSchema }: Tool, args: Args): string | undefined {
  const problems = problemsOf(inputSchema, args)
  if (problems.length === 0) return undefined
  const told = problems.map(({ kind, path, says }) =>
    kind === 'missing'
      ? `The required parameter \`${path}\` is missing`
      : `The parameter \`${path}\` ${says}`,
  )
  const issues = told.length === 1 ? 'issue' : 'issues'
  return wrong(
    `InputValidationError: ${name} failed due to the following ${issues}:\n${told.join('\n')}`,
  )
}

const filesOf = (hits: readonly string[]): string[] => [
  ...new Set(hits.map((hit) => hit.slice(0, hit.indexOf(':')))),
]

const SPELLING: Spelling = {
  names: { read: 'Read', write: 'Write', edit: 'Edit', bash: 'Bash', grep: 'Grep', glob: 'Glob' },
  args: {
    path: 'file_path',
    old: 'old_string',
    fresh: 'new_string',
    all: 'replace_all',
    within: 'glob',
  },
  modes: ['content', 'files_with_matches', 'count'],
  shown: (lines, from) =>
    lines.map((line, i) => `${String(from + i).padStart(6)}\u2192${line}`).join('\n'),
  missing: () => wrong('File does not exist.'),
  unread: () => wrong('File has not been read yet. Read it first before writing to it.'),
  changed: () =>
    wrong(
      'File has been modified since read, either by the user or by a linter. Read it again before attempting to write it.',
    ),
  written: (path, isNew) =>
    isNew
      ? `File created successfully at: ${path}`
      : `The file ${path} has been updated successfully.`,
  edited: (path) => `The file ${path} has been updated successfully.`,
  same: wrong('No changes to make: old_string and new_string are exactly the same.'),
  absent: (old) => wrong(`String to replace not found in file.\nString: ${old}`),
  many: (count, old) =>
    wrong(
      `Found ${count} matches of the string to replace, but replace_all is false. To replace all occurrences, set replace_all to true. To replace only one occurrence, please provide more context to uniquely identify the instance.\nString: ${old}`,
    ),
  failed: (exitCode, output) => `Exit code ${exitCode}\n${output}`.trimEnd(),
  late: (ms, output) => `Command timed out after ${ms / 1000}s\n${output}`.trimEnd(),
  cut: (lines) => `... [${lines} lines truncated] ...`,
  found(hits, { output_mode: mode }) {
    if (mode === 'content') return hits.join('\n') || 'No matches found'
    const files = filesOf(hits)
    if (files.length === 0) return mode === 'count' ? 'No matches found' : 'No files found'
    if (mode !== 'count')
      return `Found ${files.length} file${files.length === 1 ? '' : 's'}\n${files.join('\n')}`
    const count = (file: string): number => hits.filter((hit) => hit.startsWith(`${file}:`)).length
    return files.map((file) => `${file}:${count(file)}`).join('\n')
  },
  listed: (paths) => paths.join('\n') || 'No files found',
}

export default part({
  slot: 'tools',
  about: 'Read, Write, Edit, Bash, Grep and Glob; what was not read is not changed',
  source: 'Claude Code 2.1.330: names and parameters (observed); words and limits (from memory)',
  constants: {
    maxLines: 2000,
    maxLineChars: 2000,
    maxOutputChars: 30_000,
    timeoutMs: 120_000,
    maxTimeoutMs: 600_000,
    // Those that run while their neighbours do.
    besideTools: ['Read', 'Grep', 'Glob'],
  },
  policy: ({ besideTools, ...limits }) =>
    toolset(agentTools(SPELLING, limits), invalid, besideTools),
})
