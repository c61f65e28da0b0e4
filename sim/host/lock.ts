// A folder that one process at a time writes into: a file with its number, which the process takes away again.
// One that died left it there, and the next takes it over.
import { mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../core/assert.ts'
import { reasonOf } from './journal.ts'

export interface Lock {
  /** A second time does nothing. */
  release(): void
}

const NAME = '.enosys.lock'

const codeOf = (thrown: unknown): unknown =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined

const textOf = (path: string): string => {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return ''
  }
}

/** Whether the process of that number is gone; what is no number, or not yet written, is not. */
function isLeft(text: string): boolean {
  if (!/^\d+$/.test(text)) return false
  const pid = Number(text)
  if (pid === process.pid) return true
  try {
    process.kill(pid, 0)
    return false
  } catch (thrown) {
    // One that we may not signal lives.
    return codeOf(thrown) === 'ESRCH'
  }
}

function take(path: string): boolean {
  try {
    writeFileSync(path, `${process.pid}\n`, { flag: 'wx' })
    return true
  } catch (thrown) {
    if (codeOf(thrown) === 'EEXIST') return false
    throw thrown
  }
}

/** Moved first, so that of two who find it left one alone removes it. */
function takeOver(path: string): boolean {
  const text = textOf(path)
  if (!isLeft(text)) return false
  const aside = `${path}.${process.pid}`
  try {
    renameSync(path, aside)
  } catch {
    return take(path)
  }
  if (textOf(aside) === text) rmSync(aside, { force: true })
  else renameSync(aside, path)
  return take(path)
}

/** Makes the folder where it is not there. @throws {UsageError} where that fails, or another process is at it. */
export function lockFolder(folder: string): Lock {
  const path = join(folder, NAME)
  let isMade = false
  let isOurs = false
  try {
    isMade = mkdirSync(folder, { recursive: true }) !== undefined
    isOurs = take(path) || takeOver(path)
  } catch (thrown) {
    throw new UsageError(`${folder}: cannot be written: ${reasonOf(thrown)}`)
  }
  if (!isOurs) {
    const pid = textOf(path)
    const who = pid === '' ? 'another process' : `process ${pid}`
    throw new UsageError(
      `${folder}: ${who} is writing there (it says so in ${path}); wait for it, or name another --out`,
    )
  }
  const release = (): void => {
    process.off('exit', release)
    if (textOf(path) === `${process.pid}`) rmSync(path, { force: true })
    if (isMade) removeEmpty(folder)
    isMade = false
  }
  process.on('exit', release)
  return { release }
}

/** A folder in which nothing was put after all. */
function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder)
  } catch {
    // It is not empty, or gone: either is fine.
  }
}
