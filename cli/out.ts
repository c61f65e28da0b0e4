// The folder that runs and reports go into: what is not ours there stays, what is ours is kept, and one command at
// a time writes.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { recordSchema } from '../reports/record.ts'
import { UsageError } from '../sim/core/assert.ts'
import { firstLine, type Journal, openJournal, setAside } from '../sim/host/journal.ts'
import { type Lock, lockFolder } from '../sim/host/lock.ts'

/** @throws {UsageError} where no folder can be there: said before anything is run. */
export function checkFolder(folder: string): void {
  if (folder.trim() === '')
    throw new UsageError('--out: is empty; expected a folder, e.g. enosys-out')
  if (existsSync(folder) && !statSync(folder).isDirectory())
    throw new UsageError(`--out ${folder}: is a file; expected a folder, e.g. enosys-out`)
}

const asJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A line that was torn as the first run was written down begins like a record. */
const TORN = /^\{"id":"/

const isRecords = (line: string): boolean => {
  const value = asJson(line)
  return value === undefined ? TORN.test(line) : recordSchema.safeParse(value).success
}

const isReport = (path: string): boolean => {
  const value = asJson(readFileSync(path, 'utf8'))
  return typeof value === 'object' && value !== null && 'enosys' in value && value.enosys === 1
}

interface Names {
  readonly journal: string
  /** What is written beside it, and replaced where it was. */
  readonly beside: readonly string[]
}

/** What is ours is known by itself, or stands beside what is. @throws {UsageError} for the first that is not. */
export function checkOwn(folder: string, { journal, beside }: Names): void {
  const refuse = (name: string, why: string): never => {
    throw new UsageError(
      `${join(folder, name)}: ${why}, and is not replaced; name another folder: --out DIR`,
    )
  }
  const isThere = (name: string): boolean => {
    const found = statSync(join(folder, name), { throwIfNoEntry: false })
    if (found !== undefined && !found.isFile()) refuse(name, 'is no file')
    return found !== undefined
  }
  const line = isThere(journal) ? firstLine(join(folder, journal)) : ''
  if (line !== '' && !isRecords(line)) refuse(journal, 'begins with no record of a run')
  const there = beside.filter(isThere)
  const reports = there.filter((name) => name.endsWith('.json'))
  for (const name of reports)
    if (!isReport(join(folder, name))) refuse(name, 'is no report of enosys')
  const [other] = there.filter((name) => !reports.includes(name))
  if (other !== undefined && line === '' && reports.length === 0)
    refuse(other, 'has no runs of enosys beside it')
}

/** The folder of one command, until it is released. */
export interface Out {
  /** The path of its journal. */
  readonly path: string
  /** Begins the journal; where one of an earlier command is there, that is kept under another name, and said. */
  begin(): Journal
  /** Goes on with the journal that is there. */
  goOn(): Journal
  release(): void
}

/** @throws {UsageError} where something is in the way; nothing there has changed then. */
export function openOut(folder: string, names: Names): Out {
  checkFolder(folder)
  const lock: Lock = lockFolder(folder)
  const path = join(folder, names.journal)
  try {
    checkOwn(folder, names)
  } catch (thrown) {
    lock.release()
    throw thrown
  }
  return {
    path,
    begin() {
      if (existsSync(path) && firstLine(path) !== '')
        process.stderr.write(`enosys: ${path}: of an earlier command, kept as ${setAside(path)}\n`)
      return openJournal(path, false)
    },
    goOn: () => openJournal(path, true),
    release: () => lock.release(),
  }
}
