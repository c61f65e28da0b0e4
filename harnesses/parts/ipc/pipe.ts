// Pipes with names, as POSIX has them: a bounded stream of text. Who writes waits while it is full, who reads
// waits while it is empty; it is at its end when all who wrote have closed it, or their jobs are over. Each
// piece goes to one reader. The capacity is Linux' (pipe(7), from memory); no agent harness offers pipes.

import { failed, offering, ownTool, said, textOf } from '../../hands/own-tools.ts'
import { claim, file, filed, load, unread } from '../../kept/spool.ts'
import { type Patience, until } from '../../kept/until.ts'
import { type Args, type Conversation, part, type Result } from '../../kernel.ts'

interface Piece {
  readonly by: string
  readonly text: string
}

interface Bounds extends Patience {
  readonly capacityChars: number
}

const FOLDER = 'pipes'
const pipeOf = (name: string): string => `${FOLDER}/${name.replaceAll('/', '_')}`
const closedBy = (pipe: string, job: string): string => `${pipe}/closed/${job}`

async function pieces(
  { machine: { disk } }: Conversation,
  paths: readonly string[],
): Promise<Piece[]> {
  const found = await Promise.all(paths.map((path) => load<Piece>(disk, path)))
  return found.flatMap((piece) => piece ?? [])
}

/** Whether somebody wrote, and nobody who did will write again. */
async function isEnded(c: Conversation, pipe: string): Promise<boolean> {
  const { disk } = c.machine
  const writers = new Set((await pieces(c, await filed(disk, pipe))).map(({ by }) => by))
  const paths = new Set(await disk.list())
  const closed = [...paths].filter((path) => path.startsWith(closedBy(pipe, '')))
  return closed.length > 0 && [...writers].every((job) => paths.has(closedBy(pipe, job)))
}

async function write(args: Args, c: Conversation, of: Bounds): Promise<Result> {
  const { disk, clock } = c.machine
  const { job } = c.session
  const pipe = pipeOf(textOf(args, 'name'))
  const text = textOf(args, 'text')
  const capacity = Math.max(1, Math.floor(of.capacityChars * c.scale))
  let written = 0
  if ((await disk.read(closedBy(pipe, job.id))) !== undefined)
    await disk.remove(closedBy(pipe, job.id))
  while (written < text.length) {
    const room = await until(clock, of, async () => {
      const held = await pieces(c, await unread(disk, pipe))
      const free = capacity - held.reduce((sum, piece) => sum + piece.text.length, 0)
      return free > 0 ? free : undefined
    })
    if (room === undefined)
      return failed(`the pipe is full: ${written} of ${text.length} characters written.`)
    const piece: Piece = { by: job.id, text: text.slice(written, written + room) }
    await file(disk, pipe, piece)
    written += piece.text.length
  }
  return said(`${written} characters written.`)
}

async function read(args: Args, c: Conversation, of: Bounds): Promise<Result> {
  const { disk, clock } = c.machine
  const pipe = pipeOf(textOf(args, 'name'))
  const text = await until(clock, of, async () => {
    const own: string[] = []
    // Asked first: what is written after this is not missed.
    const isLast = await isEnded(c, pipe)
    for (const path of await unread(disk, pipe))
      if (await claim(disk, path, c.session.id)) own.push(path)
    const got = (await pieces(c, own)).map((piece) => piece.text).join('')
    return got === '' && !isLast ? undefined : got
  })
  if (text === undefined) return failed(`nothing was written within ${of.waitMs / 1000} s.`)
  return said(text === '' ? '[end of file]' : text)
}

async function close(c: Conversation, pipe: string): Promise<void> {
  await c.machine.disk.create(closedBy(pipe, c.session.job.id), '')
}

/** The job is over: all that it wrote to is closed on its side. */
async function closeAll(c: Conversation): Promise<void> {
  const { disk } = c.machine
  const names = (await disk.list()).map((path) => path.split('/'))
  const found = names.flatMap(([folder, name]) => (folder === FOLDER && name ? [name] : []))
  for (const name of new Set(found)) {
    const written = await pieces(c, await filed(disk, pipeOf(name)))
    if (written.some(({ by }) => by === c.session.job.id)) await close(c, pipeOf(name))
  }
}

const NAME = { name: 'name of the pipe' }

const toolsOf = (of: Bounds) => [
  ownTool({
    name: 'write_pipe',
    description: 'Write text to a pipe that other agents read; waits while it is full.',
    takes: { ...NAME, text: 'what is written' },
    run: (args, c) => write(args, c, of),
  }),
  ownTool({
    name: 'read_pipe',
    description: 'Read what stands in a pipe; waits while it is empty.',
    takes: NAME,
    run: (args, c) => read(args, c, of),
  }),
  ownTool({
    name: 'close_pipe',
    description: 'Say that you will write no more to a pipe: its readers come to its end.',
    takes: NAME,
    run: async (args, c) => {
      await close(c, pipeOf(textOf(args, 'name')))
      return said('Closed.')
    },
  }),
]

export default part({
  slot: 'ipc',
  about: 'pipes with names: bounded, with backpressure and an end',
  source: 'POSIX pipes; the capacity is that of Linux (from memory); in no agent harness',
  constants: { capacityChars: 65_536, waitMs: 30_000, pollMs: 500 },
  policy: (of) => ({
    ...offering(toolsOf(of)),
    async close(c) {
      await closeAll(c)
      return true
    },
  }),
})
