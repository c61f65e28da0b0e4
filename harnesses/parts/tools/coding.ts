// A coding agent's tools by Pi's names, texts and limits (0.73.1): read, bash, edit and write, its default
// four. Other tools are passed through. The limits are the tools', not the window's: they are not scaled. Pi
// lets all calls run at once, and those that change a file one after the other; here those wait for all
// their neighbours.
import { bytesOf, clipped, type Room, size, tailOf } from '../../hands/clip.ts'
import { type Desk, Failure, Missing } from '../../hands/desk.ts'
import { type Edit, edited, withEdits } from '../../hands/edits.ts'
import {
  type DeskTool,
  deskTool,
  number,
  numberIn,
  string,
  textIn,
  toolset,
} from '../../hands/toolset.ts'
import { invalidInTypeBox } from '../../hands/typebox.ts'
import { type Args, part } from '../../kernel.ts'

async function read(args: Args, desk: Desk, room: Room): Promise<string> {
  const path = textIn(args, 'path')
  const [offset, limit] = [numberIn(args, 'offset'), numberIn(args, 'limit')]
  const text = await desk.find(path)
  if (text === undefined)
    throw new Failure(`ENOENT: no such file or directory, access '/workspace/${path}'`)
  const all = text.split('\n')
  const from = offset ? Math.max(0, offset - 1) : 0
  if (from >= all.length)
    throw new Failure(`Offset ${offset} is beyond end of file (${all.length} lines total)`)
  const end = limit === undefined ? all.length : Math.min(from + limit, all.length)
  const shown = clipped(all.slice(from, end).join('\n'), 'head', room)
  const max = size(room.maxBytes)
  if (shown.by !== undefined && shown.lines === 0)
    return `[Line ${from + 1} is ${size(bytesOf(all[from] ?? ''))}, exceeds ${max} limit. Use bash: sed -n '${from + 1}p' ${path} | head -c ${room.maxBytes}]`
  const last = from + shown.lines
  if (shown.by !== undefined) {
    const why = shown.by === 'bytes' ? ` (${max} limit)` : ''
    return `${shown.text}\n\n[Showing lines ${from + 1}-${last} of ${all.length}${why}. Use offset=${last + 1} to continue.]`
  }
  if (end === all.length) return shown.text
  return `${shown.text}\n\n[${all.length - end} more lines in file. Use offset=${end + 1} to continue.]`
}

async function bash(args: Args, desk: Desk, room: Room): Promise<string> {
  const seconds = numberIn(args, 'timeout') ?? 0
  const command = textIn(args, 'command')
  const { output, exitCode } = await desk.run(command, seconds > 0 ? seconds * 1000 : undefined)
  const text = tailOf(output, room)
  if (exitCode === 0) return text || '(no output)'
  const isLate = exitCode === 124 && seconds > 0
  if (isLate)
    throw new Failure(`${text ? `${text}\n\n` : ''}Command timed out after ${seconds} seconds`)
  throw new Failure(`${text || '(no output)'}\n\nCommand exited with code ${exitCode}`)
}

async function edit(args: Args, desk: Desk): Promise<string> {
  const path = textIn(args, 'path')
  const edits = args.edits as readonly Edit[]
  if (edits.length === 0)
    throw new Failure('Edit tool input is invalid. edits must contain at least one replacement.')
  const before = await desk.read(path).catch((thrown: unknown) => {
    if (!(thrown instanceof Missing)) throw thrown
    throw new Failure(`Could not edit file: ${path}. Error code: ENOENT.`)
  })
  await desk.write(path, edited(before, edits, path))
  return `Successfully replaced ${edits.length} block(s) in ${path}.`
}

const REPLACEMENT = {
  type: 'object',
  properties: {
    oldText: string(
      'Exact text for one targeted replacement. It must be unique in the original file and must not overlap with any other edits[].oldText in the same call.',
    ),
    newText: string('Replacement text for this targeted edit.'),
  },
  required: ['oldText', 'newText'],
  additionalProperties: false,
}

const tools = (room: Room): readonly DeskTool[] => [
  deskTool({
    name: 'read',
    description: `Read the contents of a file. Supports text files and images (jpg, png, gif, webp). Images are sent as attachments. For text files, output is truncated to ${room.maxLines} lines or ${room.maxBytes / 1024}KB (whichever is hit first). Use offset/limit for large files. When you need the full file, continue with offset until complete.`,
    takes: {
      path: string('Path to the file to read (relative or absolute)'),
      offset: number('Line number to start reading from (1-indexed)'),
      limit: number('Maximum number of lines to read'),
    },
    optional: ['offset', 'limit'],
    isReading: true,
    run: (args, desk) => read(args, desk, room),
  }),
  deskTool({
    name: 'bash',
    description: `Execute a bash command in the current working directory. Returns stdout and stderr. Output is truncated to last ${room.maxLines} lines or ${room.maxBytes / 1024}KB (whichever is hit first). If truncated, full output is saved to a temp file. Optionally provide a timeout in seconds.`,
    takes: {
      command: string('Bash command to execute'),
      timeout: number('Timeout in seconds (optional, no default timeout)'),
    },
    optional: ['timeout'],
    run: (args, desk) => bash(args, desk, room),
  }),
  deskTool({
    name: 'edit',
    description:
      'Edit a single file using exact text replacement. Every edits[].oldText must match a unique, non-overlapping region of the original file. If two changes affect the same block or nearby lines, merge them into one edit instead of emitting overlapping edits. Do not include large unchanged regions just to connect distant changes.',
    takes: {
      path: string('Path to the file to edit (relative or absolute)'),
      edits: {
        type: 'array',
        items: REPLACEMENT,
        description:
          'One or more targeted replacements. Each edit is matched against the original file, not incrementally. Do not include overlapping or nested edits. If two changes touch the same block or nearby lines, merge them into one edit instead.',
      },
    },
    isClosed: true,
    prepare: withEdits,
    run: edit,
  }),
  deskTool({
    name: 'write',
    description:
      "Write content to a file. Creates the file if it doesn't exist, overwrites if it does. Automatically creates parent directories.",
    takes: {
      path: string('Path to the file to write (relative or absolute)'),
      content: string('Content to write to the file'),
    },
    async run(args, desk) {
      const [path, content] = [textIn(args, 'path'), textIn(args, 'content')]
      await desk.write(path, content)
      return `Successfully wrote ${content.length} bytes to ${path}`
    },
  }),
]

export default part({
  slot: 'tools',
  about: 'read, bash, edit and write; other tools passed through',
  source: 'Pi 0.73.1, dist/core/tools (read in source)',
  constants: { maxLines: 2000, maxBytes: 51_200 },
  policy: (room) => toolset(tools(room), invalidInTypeBox, ['read', 'bash']),
})
