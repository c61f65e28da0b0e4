// A folder of numbered files on the machine's disk, in the order in which they came: what mailboxes, pipes,
// signals and tasks are made of. A file is made exclusively, so no number is used twice; what a crash has torn
// keeps its number and says nothing. Kernels that were booted apart share it.
import type { Disk } from '../../sim/index.ts'

const DIGITS = 6

const NUMBERED = /\/(\d{6})\.json$/

const pathOf = (folder: string, n: number): string =>
  `${folder}/${String(n).padStart(DIGITS, '0')}.json`

const numberOf = (path: string | undefined): number => Number(NUMBERED.exec(path ?? '')?.[1] ?? 0)

const markOf = (path: string): string => path.replace(/json$/, 'read')

const isIn = (folder: string, path: string): boolean =>
  path.startsWith(`${folder}/`) &&
  NUMBERED.test(path) &&
  !path.slice(folder.length + 1).includes('/')

/** The paths of a folder, the oldest first. */
export const filed = async (disk: Disk, folder: string): Promise<string[]> =>
  (await disk.list()).filter((path) => isIn(folder, path))

/** Files a value behind all others. @returns its number, from 1 on. */
export async function file(disk: Disk, folder: string, value: unknown): Promise<number> {
  let n = numberOf((await filed(disk, folder)).at(-1)) + 1
  while (!(await disk.create(pathOf(folder, n), JSON.stringify(value)))) n++
  return n
}

/** Files a value as this number. False where somebody was quicker. */
export const fileAs = (disk: Disk, folder: string, n: number, value: unknown): Promise<boolean> =>
  disk.create(pathOf(folder, n), JSON.stringify(value))

/** What was filed there; undefined where a crash has torn it. */
export async function load<T>(disk: Disk, path: string): Promise<T | undefined> {
  const text = (await disk.read(path)) ?? ''
  try {
    return JSON.parse(text) as T
  } catch {
    return undefined
  }
}

/** The paths that nobody has claimed, the oldest first. */
export async function unread(disk: Disk, folder: string): Promise<string[]> {
  const paths = await disk.list()
  const marks = new Set(paths.filter((path) => path.endsWith('.read')))
  return paths.filter((path) => isIn(folder, path) && !marks.has(markOf(path)))
}

/** Marks a file as read. False where another reader did: it is theirs. */
export const claim = (disk: Disk, path: string, by: string): Promise<boolean> =>
  disk.create(markOf(path), by)
