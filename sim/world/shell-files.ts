// A workspace as a shell's file system, for one command: a file is read once, and written once, when the
// command is over, however often it was touched. Folders that are empty are known to one terminal alone.
// There are no links, and times stand still.
import type {
  CpOptions,
  FileContent,
  FsStat,
  IFileSystem,
  MkdirOptions,
  RmOptions,
} from 'just-bash'
import { EPOCH_MS } from '../core/clock.ts'
import { isWithin, normalPath, type Scan, type Workspace } from './files.ts'
import { ROOT } from './shell.ts'
import { looksOf } from './shell-looks.ts'

const REASONS = {
  ENOENT: 'no such file or directory',
  EEXIST: 'file already exists',
  EISDIR: 'illegal operation on a directory',
  ENOTDIR: 'not a directory',
  ENOTEMPTY: 'directory not empty',
  EPERM: 'operation not permitted',
  EINVAL: 'invalid argument',
  ESTALE: 'stale file handle',
} as const

function failed(code: keyof typeof REASONS, act: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${REASONS[code]}, ${act} '${ROOT}/${path}'`), { code })
}

const textOf = (content: FileContent): string =>
  typeof content === 'string' ? content : new TextDecoder().decode(content)

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

/** It says which files a search passes over. */
const isIgnores = (path: string): boolean => /(?:^|\/)\.(?:git|rg)?ignore$/.test(path)

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))

/** Tells its local time as if everyone lived by Greenwich's. */
class Moment extends Date {
  override getFullYear = this.getUTCFullYear
  override getMonth = this.getUTCMonth
  override getDate = this.getUTCDate
  override getHours = this.getUTCHours
  override getMinutes = this.getUTCMinutes
}

/** Only who asks for the size of a file reads it. */
class Stat implements FsStat {
  readonly isFile: boolean
  readonly isDirectory: boolean
  readonly isSymbolicLink = false
  readonly mode: number
  readonly mtime = new Moment(EPOCH_MS)
  readonly identity: string
  readonly #size: () => number

  constructor(path: string, isFile: boolean, size: () => number) {
    this.isFile = isFile
    this.isDirectory = !isFile
    this.mode = isFile ? 0o644 : 0o755
    this.identity = path
    this.#size = size
  }

  get size(): number {
    return this.#size()
  }
}

export class ShellFiles implements IFileSystem {
  readonly #workspace: Workspace
  readonly #folders: Set<string>
  readonly #files: Set<string>
  readonly #known = new Map<string, string>()
  /** Folders of which it saw what is in them. */
  readonly #scanned = new Set<string>()
  /** What the command made of files; undefined where it removed one. */
  readonly #made = new Map<string, string | undefined>()

  /** `folders` are those that were made, and stay where they are empty. */
  constructor(workspace: Workspace, folders: Set<string>) {
    this.#workspace = workspace
    this.#folders = folders
    this.#files = new Set(workspace.list())
  }

  /** The command is over: what it looked for is told, and what it made of the files is written. */
  flush(line: string): void {
    for (const scan of this.#looked(line)) this.#workspace.scan(scan)
    for (const [path, text] of this.#made) {
      if (text === undefined) this.#workspace.remove(path)
      else this.#workspace.write(path, text)
    }
    this.#made.clear()
  }

  /** Only of folders that it saw into. */
  #looked(line: string): readonly Scan[] {
    if (this.#scanned.size === 0) return []
    const looks = looksOf(line, [...this.#files].some(isIgnores))
    return looks.flatMap(({ isByFolder = false, ...look }): Scan[] => {
      const { under = '' } = look
      if (!isByFolder) return this.#scanned.has(under) ? [look] : []
      const seen = [...this.#scanned].filter((at) => isWithin(at, under))
      return seen.map((at) => ({ under: at, isFlat: true }))
    })
  }

  async readFile(path: string): Promise<string> {
    const at = normalPath(path)
    if (this.#workspace.isStale) throw failed('ESTALE', 'open', at)
    if (this.#isFile(at)) return this.#text(at)
    throw failed(this.#isFolder(at) ? 'EISDIR' : 'ENOENT', 'open', at)
  }

  async readFileBuffer(path: string): Promise<Uint8Array> {
    return bytes(await this.readFile(path))
  }

  async writeFile(path: string, content: FileContent): Promise<void> {
    const at = normalPath(path)
    this.#mustHoldFile(at)
    this.#put(at, textOf(content))
  }

  async appendFile(path: string, content: FileContent): Promise<void> {
    const at = normalPath(path)
    this.#mustHoldFile(at)
    this.#put(at, (this.#isFile(at) ? this.#text(at) : '') + textOf(content))
  }

  async exists(path: string): Promise<boolean> {
    const at = normalPath(path)
    return this.#isFile(at) || this.#isFolder(at)
  }

  async stat(path: string): Promise<FsStat> {
    const at = normalPath(path)
    if (this.#workspace.isStale) throw failed('ESTALE', 'stat', at)
    if (this.#isFile(at)) return new Stat(at, true, () => bytes(this.#text(at)).length)
    if (this.#isFolder(at)) return new Stat(at, false, () => 0)
    throw failed('ENOENT', 'stat', at)
  }

  lstat(path: string): Promise<FsStat> {
    return this.stat(path)
  }

  async mkdir(path: string, options?: MkdirOptions): Promise<void> {
    const at = normalPath(path)
    if (this.#isFile(at)) throw failed('EEXIST', 'mkdir', at)
    if (this.#isFolder(at)) {
      if (options?.recursive === true) return
      throw failed('EEXIST', 'mkdir', at)
    }
    if (options?.recursive === true) await this.mkdir(parentOf(at), options)
    else if (!this.#isFolder(parentOf(at))) throw failed('ENOENT', 'mkdir', at)
    this.#folders.add(at)
  }

  async readdir(path: string): Promise<string[]> {
    const at = normalPath(path)
    if (this.#workspace.isStale) throw failed('ESTALE', 'scandir', at)
    if (!this.#isFolder(at)) throw failed(this.#isFile(at) ? 'ENOTDIR' : 'ENOENT', 'scandir', at)
    this.#scanned.add(at)
    return [...new Set(this.#under(at).map((below) => below.split('/')[0] ?? ''))].sort()
  }

  async rm(path: string, options: RmOptions = {}): Promise<void> {
    const at = normalPath(path)
    if (at === '') throw failed('EPERM', 'rm', at)
    if (this.#isFile(at)) this.#remove(at)
    else if (!this.#isFolder(at)) {
      if (options.force !== true) throw failed('ENOENT', 'rm', at)
    } else {
      const below = this.#under(at).map((name) => `${at}/${name}`)
      if (below.length > 0 && options.recursive !== true) throw failed('ENOTEMPTY', 'rm', at)
      for (const file of below) if (this.#isFile(file)) this.#remove(file)
      for (const folder of [at, ...below]) this.#folders.delete(folder)
    }
    // A folder stays when the last that was in it goes.
    if (parentOf(at) !== '') this.#folders.add(parentOf(at))
  }

  async cp(from: string, to: string, options?: CpOptions): Promise<void> {
    const [at, there] = [normalPath(from), normalPath(to)]
    if (this.#isFile(at)) return this.writeFile(there, await this.readFile(at))
    if (!this.#isFolder(at)) throw failed('ENOENT', 'cp', at)
    if (options?.recursive !== true) throw failed('EISDIR', 'cp', at)
    const below = this.#under(at)
    await this.mkdir(there, { recursive: true })
    for (const name of below) {
      const isFile = this.#isFile(`${at}/${name}`)
      await this.mkdir(`${there}/${isFile ? parentOf(name) : name}`, { recursive: true })
      if (isFile) await this.writeFile(`${there}/${name}`, await this.readFile(`${at}/${name}`))
    }
  }

  async mv(from: string, to: string): Promise<void> {
    if (normalPath(from) === normalPath(to)) return
    await this.cp(from, to, { recursive: true })
    await this.rm(from, { recursive: true })
  }

  resolvePath(base: string, path: string): string {
    return `/${normalPath(path.startsWith('/') ? path : `${base}/${path}`)}`
  }

  getAllPaths(): string[] {
    return this.#under('').map((path) => `/${path}`)
  }

  async chmod(path: string): Promise<void> {
    await this.stat(path)
  }

  async utimes(path: string): Promise<void> {
    await this.stat(path)
  }

  async symlink(_target: string, path: string): Promise<void> {
    throw failed('EPERM', 'symlink', normalPath(path))
  }

  async link(_existing: string, path: string): Promise<void> {
    throw failed('EPERM', 'link', normalPath(path))
  }

  async readlink(path: string): Promise<string> {
    await this.stat(path)
    throw failed('EINVAL', 'readlink', normalPath(path))
  }

  async realpath(path: string): Promise<string> {
    await this.stat(path)
    return `/${normalPath(path)}`
  }

  #isFile(path: string): boolean {
    return this.#files.has(path)
  }

  #isFolder(path: string): boolean {
    return path === '' || this.#folders.has(path) || this.#under(path).length > 0
  }

  /** Files below a folder, and the folders that were made, by their paths from there. */
  #under(folder: string): string[] {
    const start = folder === '' ? '' : `${folder}/`
    return [...this.#files, ...this.#folders]
      .filter((path) => path.startsWith(start) && path !== '')
      .map((path) => path.slice(start.length))
  }

  #text(path: string): string {
    const text = this.#made.get(path) ?? this.#known.get(path) ?? this.#workspace.read(path) ?? ''
    if (!this.#made.has(path)) this.#known.set(path, text)
    return text
  }

  #put(path: string, text: string): void {
    this.#made.set(path, text)
    this.#files.add(path)
  }

  #remove(path: string): void {
    this.#made.set(path, undefined)
    this.#known.delete(path)
    this.#files.delete(path)
  }

  #mustHoldFile(path: string): void {
    if (this.#workspace.isStale) throw failed('ESTALE', 'open', path)
    if (this.#isFile(path)) return
    if (this.#isFolder(path)) throw failed('EISDIR', 'open', path)
    if (!this.#isFolder(parentOf(path))) throw failed('ENOENT', 'open', path)
  }
}
