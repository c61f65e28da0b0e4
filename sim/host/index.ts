// The real machine, as the layers above are given it: files, modules, and where the house stands.
import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, extname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { UsageError } from '../core/assert.ts'
import { reasonOf } from './journal.ts'

export interface Host {
  /** The folder in which `sim/`, `scenarios/` and the others stand, compiled or not. */
  readonly root: string
  /** Where real harnesses are installed. */
  readonly adapters: string
  /** `.ts` in a checkout under a runner that reads it, else `.js`. */
  readonly extension: string
  /** Names in a folder of the house, sorted; none where it does not exist. */
  list(folder: string): Promise<readonly string[]>
  /** The default export of a module of the house. */
  load(path: string): Promise<unknown>
  /** A file of the house. */
  read(path: string): Promise<string>
  /** A file of the user's, by a path from where the command was started. @throws {UsageError} for a folder. */
  readUser(path: string): string | undefined
  /** The absolute path of a user's file. */
  pathOf(path: string): string
}

/** The first hexadecimal digits of a content's SHA-256. */
export const contentHash = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 8)

export function openHost(folder = process.cwd()): Host {
  const here = fileURLToPath(import.meta.url)
  const root = resolve(dirname(here), '..', '..')
  return {
    root,
    adapters: join(homedir(), '.cache', 'enosys', 'adapters'),
    extension: extname(here),
    async list(path) {
      const names = await readdir(join(root, path)).catch(() => [])
      return names.sort()
    },
    async load(path) {
      const module = (await import(pathToFileURL(join(root, path)).href)) as { default: unknown }
      return module.default
    },
    read: (path) => readFile(join(root, path), 'utf8'),
    readUser(path) {
      const at = resolve(folder, path)
      try {
        const found = statSync(at, { throwIfNoEntry: false })
        if (found?.isDirectory() === true)
          throw new UsageError(`${path}: is a folder; expected a file`)
        return found?.isFile() === true ? readFileSync(at, 'utf8') : undefined
      } catch (thrown) {
        if (thrown instanceof UsageError) throw thrown
        throw new UsageError(`${path}: cannot be read: ${reasonOf(thrown)}`)
      }
    },
    pathOf: (path) => resolve(folder, path),
  }
}
