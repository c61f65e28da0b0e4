// The six tools that Claude Code and opencode have in common, over one desk: read, write, edit, bash, grep and
// glob. They differ in how they spell names and arguments, and in what they say. Neither changes a file that
// was not read, or that has changed since.

import type { Args, Conversation } from '../kernel.ts'
import { type Desk, Failure, folderOf } from './desk.ts'
import { globbed } from './glob.ts'
import { saw, unseen } from './read-first.ts'
import { type DeskTool, deskTool, number, numberIn, string, textIn } from './toolset.ts'

export interface Limits {
  readonly maxLines: number
  readonly maxLineChars: number
  readonly maxOutputChars: number
  readonly timeoutMs: number
  readonly maxTimeoutMs: number
}

/** What is said, and how things are called. */
export interface Spelling {
  readonly names: Readonly<Record<'read' | 'write' | 'edit' | 'bash' | 'grep' | 'glob', string>>
  readonly args: Readonly<Record<'path' | 'old' | 'fresh' | 'all' | 'within', string>>
  /** What a search may be asked to tell, where it may be asked. */
  readonly modes?: readonly string[]
  /** Lines of a file from the n-th on, of so many. */
  shown(lines: readonly string[], from: number, total: number): string
  missing(path: string): string
  unread(path: string): string
  changed(path: string): string
  written(path: string, isNew: boolean): string
  edited(path: string): string
  readonly same: string
  absent(old: string): string
  many(count: number, old: string): string
  /** Of a command that failed. */
  failed(exitCode: number, output: string): string
  /** Of a command that took too long. */
  late(ms: number, output: string): string
  /** Of an output that is too long, by so many lines. */
  cut(lines: number): string
  /** `path:line:text`, by path. */
  found(hits: readonly string[], args: Args): string
  listed(paths: readonly string[]): string
}

/** What a file holds that may be changed now; nothing where there is none. @throws {Failure} */
async function current(path: string, desk: Desk, c: Conversation, says: Spelling) {
  const text = await desk.find(path)
  const why = text === undefined ? undefined : unseen(c, path, text)
  if (why !== undefined)
    throw new Failure(why === 'unread' ? says.unread(path) : says.changed(path))
  return text
}

async function put(path: string, text: string, desk: Desk, c: Conversation): Promise<void> {
  await desk.write(path, text)
  saw(c, path, text)
}

function replaced(text: string, args: Args, says: Spelling): string {
  const { old: before, fresh: after, all } = says.args
  const [old, fresh] = [textIn(args, before), textIn(args, after)]
  if (old === fresh) throw new Failure(says.same)
  const parts = text.split(old)
  if (old === '' || parts.length < 2) throw new Failure(says.absent(old))
  if (parts.length > 2 && args[all] !== true) throw new Failure(says.many(parts.length - 1, old))
  return parts.join(fresh)
}

async function bash(args: Args, desk: Desk, says: Spelling, limits: Limits): Promise<string> {
  const ms = Math.min(numberIn(args, 'timeout') ?? limits.timeoutMs, limits.maxTimeoutMs)
  const { output, exitCode } = await desk.run(textIn(args, 'command'), ms)
  const [text, more] = [output.trimEnd(), output.trimEnd().slice(limits.maxOutputChars)]
  const head = text.slice(0, limits.maxOutputChars)
  const told = more === '' ? text : `${head}\n\n${says.cut(more.split('\n').length)}`
  if (exitCode === 0) return told
  throw new Failure(exitCode === 124 ? says.late(ms, told) : says.failed(exitCode, told))
}

const readers = (says: Spelling, limits: Limits): DeskTool[] => [
  deskTool({
    name: says.names.read,
    description: `Reads a file, ${limits.maxLines} lines at most; more with offset and limit.`,
    takes: {
      [says.args.path]: string('The path of the file to read'),
      offset: number('The number of the first line'),
      limit: number('How many lines to read'),
    },
    optional: ['offset', 'limit'],
    isReading: true,
    async run(args, desk, c) {
      const path = textIn(args, says.args.path)
      const text = await desk.find(path)
      if (text === undefined) throw new Failure(says.missing(path))
      saw(c, path, text)
      const from = Math.max(1, numberIn(args, 'offset') ?? 1)
      const lines = text.split('\n')
      const shown = lines.slice(from - 1, from - 1 + (numberIn(args, 'limit') ?? limits.maxLines))
      const cut = shown.map((line) => line.slice(0, limits.maxLineChars))
      return says.shown(cut, from, lines.length)
    },
  }),
  deskTool({
    name: says.names.glob,
    description: 'Finds files by a pattern of their paths.',
    takes: { pattern: string('The pattern, as **/*.ts'), path: string('The folder to look in') },
    optional: ['path'],
    isReading: true,
    async run(args, desk) {
      const start = folderOf(textIn(args, 'path'))
      const isWanted = globbed(textIn(args, 'pattern'))
      const inside = (await desk.list()).filter((path) => path.startsWith(start))
      return says.listed(inside.filter((path) => isWanted(path.slice(start.length))))
    },
  }),
  deskTool({
    name: says.names.grep,
    description: 'Finds what fits a regular expression in the files.',
    takes: {
      pattern: string('The regular expression'),
      path: string('The file or folder to look in'),
      [says.args.within]: string('A pattern of the paths to look at'),
      ...(says.modes === undefined ? {} : { output_mode: { type: 'string', enum: says.modes } }),
    },
    optional: ['path', says.args.within, 'output_mode'],
    isReading: true,
    async run(args, desk) {
      const isWanted = globbed(textIn(args, says.args.within) || '**')
      const hits = await desk.search(textIn(args, 'pattern'), textIn(args, 'path') || '.')
      return says.found(
        hits.filter((hit) => isWanted(hit.slice(0, hit.indexOf(':')))),
        args,
      )
    },
  }),
]

const writers = (says: Spelling, limits: Limits): DeskTool[] => [
  deskTool({
    name: says.names.write,
    description:
      'Writes a file, in the place of what was there. One that exists has to be read first.',
    takes: {
      [says.args.path]: string('The path of the file to write'),
      content: string('What it is to hold'),
    },
    async run(args, desk, c) {
      const path = textIn(args, says.args.path)
      const before = await current(path, desk, c, says)
      await put(path, textIn(args, 'content'), desk, c)
      return says.written(path, before === undefined)
    },
  }),
  deskTool({
    name: says.names.edit,
    description: 'Replaces an exact text in a file that was read.',
    takes: {
      [says.args.path]: string('The path of the file to change'),
      [says.args.old]: string('The text to replace'),
      [says.args.fresh]: string('The text to put there'),
      [says.args.all]: { type: 'boolean', description: 'Wherever it stands' },
    },
    optional: [says.args.all],
    async run(args, desk, c) {
      const path = textIn(args, says.args.path)
      const text = await current(path, desk, c, says)
      if (text === undefined) throw new Failure(says.missing(path))
      await put(path, replaced(text, args, says), desk, c)
      return says.edited(path)
    },
  }),
  deskTool({
    name: says.names.bash,
    description: 'Executes a bash command.',
    takes: {
      command: string('The command to execute'),
      timeout: number(`Milliseconds it may take, ${limits.maxTimeoutMs} at most`),
      description: string('What it does, in a few words'),
    },
    optional: ['timeout', 'description'],
    run: (args, desk) => bash(args, desk, says, limits),
  }),
]

export const agentTools = (says: Spelling, limits: Limits): readonly DeskTool[] => [
  ...readers(says, limits),
  ...writers(says, limits),
]
