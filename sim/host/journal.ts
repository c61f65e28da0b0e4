// Lines of JSON in a file, each on disk before the next: what a campaign has found so far survives it.
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { UsageError } from '../core/assert.ts'

export interface Journal {
  append(value: unknown): void
}

export interface Read {
  readonly lines: readonly { readonly number: number; readonly value: unknown }[]
  /** Numbers of torn lines: each was being written when something ended. */
  readonly torn: readonly number[]
}

/** What the system says, without its path. */
export const reasonOf = (thrown: unknown): string =>
  thrown instanceof Error ? (thrown.message.split(',')[0] ?? thrown.message) : String(thrown)

/** Writes a file, with its folders. @throws {UsageError} where that is not permitted. */
export function writeText(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  } catch (thrown) {
    throw new UsageError(`${path}: cannot be written: ${reasonOf(thrown)}`)
  }
}

/** Starts a journal: empty, or going on after its last whole line. @throws {UsageError} */
export function openJournal(path: string, resume: boolean): Journal {
  if (!resume || !existsSync(path)) writeText(path, '')
  else {
    const text = textOf(path)
    // A torn last line is kept, on a line of its own, so that nothing is lost and the rest stays whole.
    if (text !== '' && !text.endsWith('\n')) appendFileSync(path, '\n')
  }
  return { append: (value) => appendFileSync(path, `${JSON.stringify(value)}\n`) }
}

/** The lines of a journal, numbered from 1; none where there is no file. @throws {UsageError} */
export function readJournal(path: string): Read {
  const lines: Read['lines'][number][] = []
  const torn: number[] = []
  for (const [i, line] of textOf(path).split('\n').entries()) {
    if (line.trim() === '') continue
    try {
      lines.push({ number: i + 1, value: JSON.parse(line) })
    } catch {
      torn.push(i + 1)
    }
  }
  return { lines, torn }
}

/** Bytes of the first line that are looked at: more than any record of a run takes. */
const LINE_MAX = 1 << 24

/** The first line that is not blank, or the beginning of one without end; '' where there is none. */
export function firstLine(path: string): string {
  const chunk = Buffer.alloc(1 << 16)
  let text = ''
  let file: number | undefined
  try {
    file = openSync(path, 'r')
    while (text.length < LINE_MAX) {
      const read = readSync(file, chunk)
      text = (text + chunk.toString('latin1', 0, read)).trimStart()
      if (read === 0 || text.includes('\n')) break
    }
  } catch (thrown) {
    throw new UsageError(`${path}: cannot be read: ${reasonOf(thrown)}`)
  } finally {
    if (file !== undefined) closeSync(file)
  }
  return text.split('\n')[0] ?? ''
}

/** Moves `runs.ndjson` out of the way, to the first of `runs.1.ndjson`, .. that is free. Its new name. */
export function setAside(path: string): string {
  const name = basename(path, '.ndjson')
  let n = 1
  while (existsSync(join(dirname(path), `${name}.${n}.ndjson`))) n++
  const free = `${name}.${n}.ndjson`
  try {
    renameSync(path, join(dirname(path), free))
  } catch (thrown) {
    throw new UsageError(`${path}: cannot be moved: ${reasonOf(thrown)}`)
  }
  return free
}

function textOf(path: string): string {
  if (!existsSync(path)) return ''
  try {
    return readFileSync(path, 'utf8')
  } catch (thrown) {
    throw new UsageError(`${path}: cannot be read: ${reasonOf(thrown)}`)
  }
}
