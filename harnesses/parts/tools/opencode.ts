// opencode's tools for files and shell: read, write, edit, bash, grep, glob and list. Names and parameters are
// observed (1.18.33), as is "rewrite the input"; other words and limits are from memory.
import { agentTools, type Spelling } from '../../hands/agent-tools.ts'
import { folderOf } from '../../hands/desk.ts'
import { deskTool, string, textIn, toolset } from '../../hands/toolset.ts'
import { inWords, problemsOf } from '../../hands/validate.ts'
import { type Args, part, type Tool } from '../../kernel.ts'

function invalid({ name, inputSchema }: Tool, args: Args): string | undefined {
  const problems = problemsOf(inputSchema, args)
  if (problems.length === 0) return undefined
  const told = problems.map((problem) => inWords(problem, 'input')).join('; ')
  return `The ${name} tool was called with invalid arguments: SchemaError: ${told}.\nPlease rewrite the input so it satisfies the expected schema.`
}

const SPELLING: Spelling = {
  names: { read: 'read', write: 'write', edit: 'edit', bash: 'bash', grep: 'grep', glob: 'glob' },
  args: {
    path: 'filePath',
    old: 'oldString',
    fresh: 'newString',
    all: 'replaceAll',
    within: 'include',
  },
  shown(lines, from, total) {
    const told = lines.map((line, i) => `${String(from + i).padStart(5, '0')}| ${line}`).join('\n')
    const last = from + lines.length - 1
    const end =
      last < total
        ? `(File has more lines. Use 'offset' parameter to read beyond line ${last})`
        : `(End of file - total ${total} lines)`
    return `<file>\n${told}\n\n${end}\n</file>`
  },
  missing: (path) => `File not found: ${path}`,
  unread: (path) => `You must read the file ${path} before overwriting it. Use the Read tool first`,
  changed: (path) =>
    `File ${path} has been modified since it was last read.\n\nPlease read the file again before modifying it.`,
  written: () => 'Wrote file successfully.',
  edited: () => 'Edit applied successfully.',
  same: 'oldString and newString must be different',
  absent: () => 'oldString not found in content',
  many: () =>
    'Found multiple matches for oldString. Provide more surrounding lines in oldString to identify the correct match.',
  failed: (_exitCode, output) => output,
  late: (ms, output) =>
    `${output}\n\n<bash_metadata>\nbash tool terminated command after exceeding timeout ${ms} ms\n</bash_metadata>`,
  cut: () => '(Output was truncated)',
  found(hits) {
    if (hits.length === 0) return 'No files found'
    const lines = [`Found ${hits.length} matches`]
    let file = ''
    for (const hit of hits) {
      const [, path = '', line = '', text = ''] = /^([^:]*):(\d+):(.*)$/.exec(hit) ?? []
      if (path !== file) lines.push('', `${path}:`)
      file = path
      lines.push(`  Line ${line}: ${text}`)
    }
    return lines.join('\n').replace('\n\n', '\n')
  },
  listed: (paths) => paths.join('\n') || 'No files found',
}

/** A folder as a tree. */
function tree(paths: readonly string[], root: string): string {
  const lines = [root]
  const known = new Set<string>()
  for (const path of paths) {
    const parts = path.split('/')
    for (const [depth, part] of parts.entries()) {
      const at = parts.slice(0, depth + 1).join('/')
      const isFile = depth === parts.length - 1
      if (isFile || !known.has(at))
        lines.push(`${'  '.repeat(depth + 1)}${part}${isFile ? '' : '/'}`)
      known.add(at)
    }
  }
  return lines.join('\n')
}

const list = deskTool({
  name: 'list',
  description: 'Lists files and folders.',
  takes: { path: string('The folder to list') },
  optional: ['path'],
  isReading: true,
  async run(args, desk) {
    const start = folderOf(textIn(args, 'path'))
    const paths = (await desk.list()).filter((path) => path.startsWith(start))
    const names = paths.map((path) => path.slice(start.length))
    return tree(names, `/workspace/${start}`)
  },
})

export default part({
  slot: 'tools',
  about: 'read, write, edit, bash, grep, glob and list; what was not read is not changed',
  source: 'opencode 1.18.33: names and parameters (observed); words and limits (from memory)',
  constants: {
    maxLines: 2000,
    maxLineChars: 2000,
    maxOutputChars: 30_000,
    timeoutMs: 120_000,
    maxTimeoutMs: 600_000,
    // Those that run while their neighbours do.
    besideTools: ['read', 'grep', 'glob', 'list'],
  },
  policy: ({ besideTools, ...limits }) =>
    toolset([...agentTools(SPELLING, limits), list], invalid, besideTools),
})
