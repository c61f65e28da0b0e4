// A coding agent's tools over the files of the world: read, write, edit, grep and ls by Pi's names, texts
// and limits (0.73.1; Pi's bash is left to a world that has a terminal). Other tools are passed through.
import { type Args, type Call, part, type Result, type Tool } from '../../kernel.ts'

const MAX_LINES = 2000

const string = { type: 'string' } as const
const tool = (
  name: string,
  description: string,
  properties: Record<string, object>,
  required: string[],
): Tool => ({
  name,
  description,
  inputSchema: { type: 'object', properties, required },
})

const OWN: readonly Tool[] = [
  tool(
    'read',
    'Read the contents of a file.',
    { path: string, offset: { type: 'number' }, limit: { type: 'number' } },
    ['path'],
  ),
  tool(
    'write',
    'Write content to a file. Overwrites it if it exists.',
    { path: string, content: string },
    ['path', 'content'],
  ),
  tool(
    'edit',
    'Edit a file by replacing an exact text.',
    { path: string, oldText: string, newText: string },
    ['path', 'oldText', 'newText'],
  ),
  tool('grep', 'Search file contents for a text.', { pattern: string }, ['pattern']),
  tool('ls', 'List all files.', {}, []),
]

const HIDDEN = new Set(['read_file', 'write_file', 'list_files', 'search_files'])

/** Carries out a call of the world's own. */
type World = (name: string, args: Args) => Promise<Result>

/** What Pi's validator says, in its words: the first problem by path. */
function invalid({ name, inputSchema }: Tool, args: Args): Result | undefined {
  const problems: string[] = []
  for (const required of inputSchema.required ?? []) {
    if (args[required] === undefined)
      problems.push(`  - ${required}: must have required properties ${required}`)
  }
  for (const [key, schema] of Object.entries(inputSchema.properties ?? {})) {
    const { type } = schema as { type: string }
    if (args[key] !== undefined && typeof args[key] !== type)
      problems.push(`  - ${key}: must be ${type}`)
  }
  if (problems.length === 0) return undefined
  const received = JSON.stringify(args, null, 2)
  return {
    text: `Validation failed for tool "${name}":\n${problems.join('\n')}\n\nReceived arguments:\n${received}`,
    isError: true,
  }
}

async function read(world: World, { path, offset, limit }: Args): Promise<Result> {
  const { text, isError } = await world('read_file', { path })
  if (isError)
    return { text: `ENOENT: no such file or directory, access '${String(path)}'`, isError }
  const lines = text.split('\n')
  const from = typeof offset === 'number' ? offset - 1 : 0
  const count = Math.min(typeof limit === 'number' ? limit : MAX_LINES, MAX_LINES)
  return { text: lines.slice(from, from + count).join('\n'), isError: false }
}

async function write(world: World, { path, content }: Args): Promise<Result> {
  const result = await world('write_file', { path, content })
  if (result.isError) return result
  return {
    text: `Successfully wrote ${String(content).length} bytes to ${String(path)}`,
    isError: false,
  }
}

async function edit(world: World, { path, oldText, newText }: Args): Promise<Result> {
  const before = await world('read_file', { path })
  if (before.isError) return { text: `File not found: ${String(path)}`, isError: true }
  const [head, tail, more] = before.text.split(String(oldText))
  if (tail === undefined || more !== undefined)
    return { text: `Could not find the exact text in ${String(path)}.`, isError: true }
  const content = `${head}${String(newText)}${tail}`
  const result = await world('write_file', { path, content })
  return result.isError
    ? result
    : { text: `Successfully replaced text in ${String(path)}.`, isError: false }
}

export default part({
  slot: 'tools',
  about: 'read, write, edit, grep and ls over the files; other tools passed through',
  source: 'Pi 0.73.1, dist/core/tools (read in source)',
  policy: {
    open(c) {
      c.tools = [...OWN, ...c.tools.filter(({ name }) => !HIDDEN.has(name))]
    },
    run: (call, _conversation, next) =>
      run(call, (name, args) => next({ id: call.id, name, args })),
  },
})

function run({ name, args }: Call, world: World): Promise<Result> {
  const own = OWN.find((candidate) => candidate.name === name)
  const problem = own && invalid(own, args)
  if (problem !== undefined) return Promise.resolve(problem)
  switch (name) {
    case 'read':
      return read(world, args)
    case 'write':
      return write(world, args)
    case 'edit':
      return edit(world, args)
    case 'grep':
      return world('search_files', { query: args.pattern })
    case 'ls':
      return world('list_files', {})
    default:
      return world(name, args)
  }
}
