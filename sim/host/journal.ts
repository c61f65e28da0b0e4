// Lines of JSON in a file, each on disk before the next: what a campaign has found so far survives it.
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { UsageError } from '../core/assert.ts'

export interface Journal {
  append(value: unknown): void
}

export interface Read {
  readonly values: readonly unknown[]
  /** The number of the last line, where it is torn: it was being written when something ended. */
  readonly torn: number | undefined
}

const why = (thrown: unknown): string =>
  thrown instanceof Error ? (thrown.message.split(',')[0] ?? thrown.message) : String(thrown)

/** Writes a file, with its folders. @throws {UsageError} where that is not permitted. */
export function writeText(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  } catch (thrown) {
    throw new UsageError(`${path}: cannot be written: ${why(thrown)}`)
  }
}

/** Starts a journal: empty, or going on after its last whole line. @throws {UsageError} */
export function openJournal(path: string, resume: boolean): Journal {
  if (!resume || !existsSync(path)) writeText(path, '')
  else {
    const text = readFileSync(path, 'utf8')
    // A torn last line is kept, on a line of its own, so that nothing is lost and the rest stays whole.
    if (text !== '' && !text.endsWith('\n')) appendFileSync(path, '\n')
  }
  return { append: (value) => appendFileSync(path, `${JSON.stringify(value)}\n`) }
}

/** The whole lines of a journal; none where there is no file. @throws {UsageError} for a bad line within. */
export function readJournal(path: string): Read {
  if (!existsSync(path)) return { values: [], torn: undefined }
  const lines = readFileSync(path, 'utf8').split('\n')
  const values: unknown[] = []
  let torn: number | undefined
  for (const [i, line] of lines.entries()) {
    if (line.trim() === '') continue
    try {
      values.push(JSON.parse(line))
    } catch {
      torn = i + 1
    }
  }
  return { values, torn }
}
